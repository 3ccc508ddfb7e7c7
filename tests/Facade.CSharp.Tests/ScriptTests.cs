using System.Diagnostics;
using Xunit;

namespace Functional.Tests;

public class ScriptTests
{
    [Fact]
    public async Task The_script_with_a_callback_of_its_own_stops_and_stays_stopped()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Functional.sln")))
            root = Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException(AppContext.BaseDirectory);
        ProcessStartInfo start = new("dotnet", ["fsi", Path.Combine("scripts", "callback.fsx"), "25"])
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process script = Process.Start(start)!;
        Task<string> errors = script.StandardError.ReadToEndAsync();
        string[] lines = (await script.StandardOutput.ReadToEndAsync()).TrimEnd().Split('\n');
        await script.WaitForExitAsync();
        Assert.Equal((0, ""), (script.ExitCode, (await errors).Trim()));
        Assert.EndsWith("enough", lines[^3]);
        int epochs = int.Parse(lines[^2].Split(' ')[0]);
        Assert.InRange(epochs, 2, 24);
        Assert.Equal($"resumed: {epochs} epochs", lines[^1]);
    }
}
