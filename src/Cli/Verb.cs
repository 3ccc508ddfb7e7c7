using System.CommandLine;

namespace Functional.Cli;

/// <summary>A command that can be run: what it takes, an example, and what it does.</summary>
internal sealed class Verb : Command
{
    private readonly Func<ParseResult, Result> _run;

    public Verb(string name, string description, string example, Func<ParseResult, Result> run, params IEnumerable<Symbol> symbols)
        : base(name, description)
    {
        _run = run;
        Example = example;
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Argument argument)
                Arguments.Add(argument);
            else
                Options.Add((Option)symbol);
        }

        SetAction(Execute);
    }

    /// <summary>A command line that does something useful.</summary>
    public string Example { get; }

    /// <summary>What the help says after the options for a line with what the user gave so far, or nothing.</summary>
    public Func<ParseResult, string> Notes { get; init; } = _ => "";

    private int Execute(ParseResult line)
    {
        Result result = _run(line);
        result.Print(Console.Out, line.GetValue(Switches.Json));
        return result.Code;
    }
}
