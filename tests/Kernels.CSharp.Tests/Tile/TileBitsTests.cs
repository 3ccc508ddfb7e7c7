using Functional.Kernels;
using Functional.Kernels.Tile;
using Xunit;

namespace Functional.Tests.Tile;

/// <summary>An element's bits depend on its operands alone: not on where a piece starts or ends, nor on threads.</summary>
public class TileBitsTests
{
    private const int Count = 5000;
    private const int Sentinel = 64;
    private static readonly int[] Pieces = [1, 2, 5, 21, 53, 85, 1109, 1110, 1127, 3400, 3401, Count];

    public static TheoryData<ElementType, TileFunction> Functions
    {
        get
        {
            var data = new TheoryData<ElementType, TileFunction>();
            foreach (ElementType type in Enum.GetValues<ElementType>())
            foreach (TileFunction function in Elementwise.FunctionsOf(type))
                data.Add(type, function);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void FunctionHasTheSameBitsInAnyPieces(ElementType type, TileFunction function)
    {
        if (type == ElementType.Float32)
            Check<float>(function);
        else if (type == ElementType.Float64)
            Check<double>(function);
        else
            Check<int>(function);
    }

    private static void Check<T>(TileFunction function)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        TileProgram program = Elementwise.Program<T>(function, Count);
        T[][] inputs = [Elementwise.Samples<T>(Count, 1), Elementwise.Samples<T>(Count, 2), Elementwise.Samples<T>(Count, 3)];
        byte[] whole = Bits<T>(new TileKernel(program), 1, inputs);
        Assert.Equal(whole, Bits<T>(new TileKernel(program), 2, inputs));
        Assert.Equal(whole, Bits<T>(new TileKernel(program), 3, inputs));
        Assert.Equal(whole, Bits<T>(new PiecewiseKernel(new TileEpilogue(program), Pieces), 3, inputs));

        // Each element once more, moved to another lane among other neighbours.
        T[][] reversed = [.. inputs.Select(input => input.Reverse().ToArray())];
        T[] again = new T[Count];
        KernelHarness.Run(new TileKernel(program), 1, [.. reversed, again]);
        Assert.Equal(whole, Bytes<T>([.. again.Reverse()]));
    }

    /// <summary>The bytes of the result; what lies behind it must be as it was.</summary>
    private static byte[] Bits<T>(Kernel kernel, int threads, T[][] inputs)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        var output = new T[Count + Sentinel];
        Array.Fill(output, T.CreateChecked(77), Count, Sentinel);
        KernelHarness.Run(kernel, threads, [.. inputs, output]);
        Assert.All(output[Count..], value => Assert.Equal(T.CreateChecked(77), value));
        return Bytes<T>(output[..Count]);
    }

    private static byte[] Bytes<T>(T[] values)
        where T : unmanaged => System.Runtime.InteropServices.MemoryMarshal.AsBytes<T>(values).ToArray();
}
