using System.Diagnostics;
using System.Text.Json;

namespace Functional.Tests;

/// <summary>The built program, run as a process of its own.</summary>
internal static class CommandLine
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public sealed record Outcome(int Code, string Output, string Error)
    {
        /// <summary>Standard output, which must be one JSON object.</summary>
        public JsonElement Json => JsonDocument.Parse(Output).RootElement;
    }

    public static Outcome Run(params IEnumerable<string> arguments)
    {
        using Process process = Start(arguments);
        return Finish(process);
    }

    public static Process Start(params IEnumerable<string> arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "functional.dll");
        ProcessStartInfo start = new("dotnet", ["exec", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Tests find no data beside what they make.
        start.Environment["FUNCTIONAL_DATA"] = "";
        return Process.Start(start)!;
    }

    public static Outcome Finish(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill();
            throw new TimeoutException($"the program ran longer than {Patience}: {error.Result}");
        }

        return new Outcome(process.ExitCode, output.Result, error.Result);
    }
}

/// <summary>A folder that goes away again.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("functional-").FullName;

    public string this[string name] => Path.Combine(_path, name);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}

/// <summary>A small run that the tests of one class share.</summary>
public sealed class SmallRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SmallRun() => Trained = CommandLine.Run(["train", "vae", .. Options, "--out", Folder, "--json"]);

    /// <summary>Options of a training that takes a second.</summary>
    public static IReadOnlyList<string> Options { get; } = ["--epochs", "2", "--set", "hidden=16", "--set", "latent-size=2", "--seed", "3"];

    public string Folder => _folder["run"];

    internal CommandLine.Outcome Trained { get; }

    public string this[string name] => _folder[name];

    public void Dispose() => _folder.Dispose();
}
