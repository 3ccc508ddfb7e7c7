namespace Functional.Tests;

/// <summary>A peer's folder: a command that is a shell script, and where it is wanted a file of steps beside it.</summary>
internal sealed class FakePeer : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FakePeer(string script, string? steps = null)
    {
        File.WriteAllText(Command, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Command, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (steps is not null)
            File.WriteAllText(_folder["pytorch_steps.py"], steps);
    }

    public string Command => _folder["run.sh"];

    public void Dispose() => _folder.Dispose();
}
