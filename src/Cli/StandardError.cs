using Microsoft.FSharp.Core;

namespace Functional.Cli;

/// <summary>Where lines of progress go.</summary>
internal static class StandardError
{
    /// <summary>Writes a line, for F# to call.</summary>
    public static FSharpFunc<string, Unit> Report { get; } =
        FSharpFunc<string, Unit>.FromConverter(text =>
        {
            Console.Error.WriteLine(text);
            return null!;
        });
}
