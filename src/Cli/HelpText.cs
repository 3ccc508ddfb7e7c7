using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Functional.Cli;

/// <summary>The usual help, and an example.</summary>
internal sealed class HelpText(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult line)
    {
        usual.Invoke(line);
        TextWriter output = line.InvocationConfiguration.Output;
        Command command = line.CommandResult.Command;
        if (command is Verb verb && verb.Notes(line) is { Length: > 0 } notes)
            output.WriteLine(notes + "\n");
        output.WriteLine("Example:");
        output.WriteLine($"  {ExampleOf(command)}");
        return ExitCode.Done;
    }

    private static string ExampleOf(Command command) => command is Verb verb ? verb.Example : ExampleOf(command.Subcommands.First());
}
