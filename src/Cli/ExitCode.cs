namespace Functional.Cli;

/// <summary>How a command ended, as shells see it.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Data = 3;
    public const int Interrupted = 130;

    public static int Of(Exception fault) =>
        fault switch
        {
            OperationCanceledException => Interrupted,
            ArgumentException => Usage,
            InvalidDataException or FileNotFoundException or DirectoryNotFoundException => Data,
            _ => Failed,
        };
}
