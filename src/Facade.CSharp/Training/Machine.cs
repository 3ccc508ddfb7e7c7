using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Functional;

/// <summary>What this machine and this build compute with.</summary>
public static class Machine
{
    /// <summary>Bits of the vectors that the kernels use: 512, 256 or 128. The runtime's switches can turn the wider ones off.</summary>
    public static int VectorBits =>
        Vector512.IsHardwareAccelerated ? 512
        : Vector256.IsHardwareAccelerated ? 256
        : 128;

    /// <summary>Processors, and threads unless others are asked for.</summary>
    public static int Processors => Environment.ProcessorCount;

    /// <summary>The processor's architecture: x64, arm64.</summary>
    public static string Architecture => Names.Kebab(RuntimeInformation.ProcessArchitecture.ToString());

    /// <summary>The version of this library.</summary>
    public static string Version => RunConfig.Version;

    /// <summary>The version of .NET.</summary>
    public static string Runtime => Environment.Version.ToString();
}
