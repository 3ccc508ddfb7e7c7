using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace Functional.Cli;

/// <summary>The whole command line: parses, runs a command, and turns whatever goes wrong into a sentence and an exit code.</summary>
internal static class CommandLine
{
    public static int Run(string[] arguments)
    {
        ParseResult line = Root().Parse(arguments);
        try
        {
            if (line.Action is { ClearsParseErrors: true } || line.Errors.Count == 0 && Complaints(line).Count == 0)
                return line.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
            foreach (string complaint in Complaints(line).DefaultIfEmpty(line.Errors.FirstOrDefault()?.Message ?? ""))
                Console.Error.WriteLine(complaint);
            Console.Error.WriteLine($"functional {Path(line.CommandResult)}--help shows what there is.");
            return ExitCode.Usage;
        }
        catch (Exception fault)
        {
            return Report(fault is AggregateException { InnerException: { } inner } ? inner : fault, line.GetValue(Switches.Verbose));
        }
    }

    private static RootCommand Root()
    {
        RootCommand root = new(
            "Trains autoencoders, Boltzmann machines, energies and classifiers, and looks into them, on the processor, with the same bits every time."
        )
        {
            TrainCommand.Create(),
            EvaluateCommand.Create(),
            SampleCommand.Create(),
            ReconstructCommand.Create(),
            EncodeCommand.Create(),
            ReportCommand.Create(),
            ReproduceCommand.Create(),
            BenchCommand.Create(),
            DataCommand.Create(),
            InspectCommand.Create(),
            CheckCommand.Create(),
        };
        root.Options.Add(Switches.Json);
        root.Options.Add(Switches.Verbose);
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpText((HelpAction)help.Action!);
        return root;
    }

    private static int Report(Exception fault, bool isVerbose)
    {
        Console.Error.WriteLine(isVerbose ? fault.ToString() : Sentence(fault));
        return ExitCode.Of(fault);
    }

    /// <summary>What went wrong, in a sentence.</summary>
    public static string Sentence(Exception fault) =>
        fault switch
        {
            // .NET adds the parameter's name to the message.
            ArgumentException { ParamName: { } name } => fault.Message.Replace($" (Parameter '{name}')", ""),
            OutOfMemoryException => "There is not enough memory; a smaller --batch-size or model needs less.",
            _ => fault.Message,
        };

    /// <summary>What is wrong with a line, a sentence each: words that mean nothing here, with the nearest that do; then the parser's own.</summary>
    private static IReadOnlyList<string> Complaints(ParseResult line)
    {
        string[] unknown = [.. line.UnmatchedTokens, .. MistakenOptions(line.CommandResult)];
        if (unknown.Length > 0)
            return
            [
                .. unknown.Where(word => word.StartsWith('-')).DefaultIfEmpty(unknown[0]).Select(word => Unknown(line.CommandResult, word)),
            ];
        return line.CommandResult.Command is Verb || line.Errors.Count == 0
            ? [.. line.Errors.Select(error => error.Message)]
            : [Missing(line.CommandResult)];
    }

    /// <summary>Options that do not exist, where the parser took them for the value of an argument.</summary>
    private static IEnumerable<string> MistakenOptions(CommandResult command) =>
        from argument in command.Children.OfType<ArgumentResult>()
        from token in argument.Tokens
        where token.Value.StartsWith('-') && token.Value.Length > 1
        select token.Value;

    private static string Unknown(CommandResult command, string word)
    {
        bool isOption = word.StartsWith('-');
        IEnumerable<string> known = isOption
            ? Lineage(command)
                .SelectMany(level => level.Command.Options.Where(option => level == command || option.Recursive))
                .SelectMany(option => option.Aliases.Append(option.Name))
            : command.Command.Subcommands.Select(verb => verb.Name);
        string[] names = [.. known.Where(name => isOption == name.StartsWith('-'))];
        string nearest = Core.Suggest.fix(names, word);
        string hint =
            nearest.Length > 0 ? nearest
            : names.Length > 0 ? $"there are {string.Join(", ", names)}."
            : "nothing was expected there.";
        return $"'{word}' is no {(isOption ? "option" : "command")} of functional {Path(command)}".TrimEnd() + $": {hint}";
    }

    private static string Missing(CommandResult command) =>
        $"A command is missing: one of {string.Join(", ", command.Command.Subcommands.Select(verb => verb.Name))}.";

    private static IEnumerable<CommandResult> Lineage(CommandResult command)
    {
        for (SymbolResult? level = command; level is CommandResult found; level = level.Parent)
            yield return found;
    }

    /// <summary>The words that lead to a command, each with a blank behind it.</summary>
    private static string Path(CommandResult command) =>
        string.Concat(Lineage(command).Reverse().Skip(1).Select(level => level.Command.Name + " "));
}
