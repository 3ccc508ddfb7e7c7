using Spectre.Console;

namespace Functional.Cli;

/// <summary>Tables as text: as wide as the terminal, or plain where the output goes elsewhere.</summary>
internal static class Tables
{
    private const int WidthOfFiles = 160;

    public static string Draw(Table table)
    {
        StringWriter writer = new();
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(writer),
                Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            }
        );
        console.Profile.Width = Console.IsOutputRedirected ? WidthOfFiles : Console.WindowWidth;
        console.Write(table);
        return writer.ToString();
    }
}
