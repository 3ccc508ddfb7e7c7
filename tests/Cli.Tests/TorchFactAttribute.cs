using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace Functional.Tests;

/// <summary>A test that needs PyTorch in the system's Python; where there is none, the test is reported as skipped.</summary>
public sealed class TorchFactAttribute : FactAttribute
{
    internal const string Python = "/usr/bin/python3";
    private static readonly Lazy<bool> Found = new(Look);

    public TorchFactAttribute()
    {
        if (!Found.Value)
            Skip = $"{Python} has no torch";
    }

    private static bool Look()
    {
        try
        {
            ProcessStartInfo start = new(Python, ["-c", "import importlib.util, sys; sys.exit(importlib.util.find_spec('torch') is None)"]);
            using Process process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
