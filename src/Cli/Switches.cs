using System.CommandLine;
using System.CommandLine.Parsing;

namespace Functional.Cli;

/// <summary>Options that several commands have.</summary>
internal static class Switches
{
    public static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object and nothing else.", Recursive = true };

    public static readonly Option<bool> Verbose = new("--verbose") { Description = "Show where an error arose.", Recursive = true };

    public static Argument<string> Run() => new("RUN") { Description = "A run folder, or a model file." };

    public static Option<string?> Data(string description) => Text("--data", "D", description);

    public static Option<string?> DataDir() => Text("--data-dir", "DIR", "A folder to search first for named data sets.");

    public static Option<string?> Split() => Text("--split", "PART", "train, validation or test.");

    public static Option<string?> Output(string description) => new("--output", "-o") { HelpName = "FILE", Description = description };

    public static Option<string?> Text(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };

    public static Option<long> Seed() =>
        new("--seed")
        {
            HelpName = "N",
            Description = "Where randomness comes from; the same seed gives the same result.",
            CustomParser = argument => Number(argument, "--seed", long.MinValue, "a whole number"),
        };

    /// <summary>Threads to compute with: 1 or more.</summary>
    public static Option<int> Threads() =>
        new("--threads")
        {
            HelpName = "N",
            Description = "Threads to compute with; results do not depend on it.",
            DefaultValueFactory = _ => Machine.Processors,
            CustomParser = argument => (int)Math.Min(int.MaxValue, Number(argument, "--threads", 1, "a whole number, 1 or more")),
        };

    /// <summary>The number of a class, or null when it is not given.</summary>
    public static Option<int?> Label(string description) =>
        new("--class")
        {
            HelpName = "N",
            Description = description,
            CustomParser = argument => (int)Math.Min(int.MaxValue, Number(argument, "--class", 0, "a whole number, 0 or more")),
        };

    /// <summary>How many of something: 1 or more.</summary>
    public static Option<int> Count(int usual) =>
        new("-n", "--count")
        {
            HelpName = "N",
            Description = $"How many; {usual} when not given.",
            DefaultValueFactory = _ => usual,
            CustomParser = argument => (int)Math.Min(int.MaxValue, Number(argument, "-n", 1, "a whole number, 1 or more")),
        };

    /// <summary>A whole number that is <paramref name="least"/> or more, or 0 when it is not given.</summary>
    public static Option<int> Whole(string name, int least, string description) =>
        new(name)
        {
            HelpName = "N",
            Description = description,
            CustomParser = argument => (int)Math.Min(int.MaxValue, Number(argument, name, least, $"a whole number, {least} or more")),
        };

    private static long Number(ArgumentResult argument, string name, long least, string expected)
    {
        string text = argument.Tokens[^1].Value;
        if (!long.TryParse(text, out long number) || number < least)
            argument.AddError($"{name}: found '{text}', expected {expected}.");
        return number;
    }
}
