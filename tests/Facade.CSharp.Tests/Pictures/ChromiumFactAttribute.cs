using System.Diagnostics;
using Xunit;

namespace Functional.Tests;

/// <summary>A test that needs Chromium; where there is none, the test is reported as skipped.</summary>
public sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute()
    {
        if (Chromium.Program is null)
            Skip = "there is no chromium";
    }
}

/// <summary>Chromium without a window, each time with a new profile.</summary>
internal static class Chromium
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static string? Program { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Prepend("/usr/bin")
            .Select(folder => Path.Combine(folder, "chromium"))
            .FirstOrDefault(File.Exists);

    /// <summary>The page after its scripts have run, as HTML.</summary>
    public static string Load(string path)
    {
        using TemporaryFolder profile = new();
        ProcessStartInfo start = new(
            Program!,
            [
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                $"--user-data-dir={profile["profile"]}",
                "--dump-dom",
                new Uri(path).AbsoluteUri,
            ]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> page = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"chromium ran longer than {Patience}: {error.Result}");
        }

        return page.Result;
    }
}
