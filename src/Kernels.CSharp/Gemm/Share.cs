namespace Functional.Kernels;

/// <summary>Cuts a number of things into nearly equal parts.</summary>
internal static class Share
{
    /// <summary>Where the i-th of n parts begins; part i ends where part i + 1 begins.</summary>
    public static int Begin(int total, int i, int n) => (int)((long)total * i / n);
}
