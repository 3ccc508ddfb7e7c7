using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Functional.Kernels;

/// <summary>The few vector operations a matrix product needs, for one element type and one vector width.</summary>
/// <typeparam name="T">the element.</typeparam>
/// <typeparam name="V">the vector of <typeparamref name="T"/>.</typeparam>
internal unsafe interface ILanes<T, V>
    where T : unmanaged
    where V : unmanaged
{
    /// <summary>Vectors side by side in the widest register tile (together a multiple of four elements), and quads of rows above each other in the tallest.</summary>
    static abstract (int Vectors, int Quads) Tile { get; }

    static abstract V Load(T* from);

    static abstract void Store(T* to, V value);

    static abstract V Broadcast(T* from);

    static abstract V Add(V left, V right);

    static abstract V Subtract(V left, V right);

    /// <summary>The lower halves of both, element by element in turn: <c>l₀ r₀ l₁ r₁ …</c>.</summary>
    static abstract V ZipLow(V left, V right);

    /// <summary>The upper halves of both, element by element in turn.</summary>
    static abstract V ZipHigh(V left, V right);

    /// <summary><c>left · right + sum</c>, rounded once where the processor can.</summary>
    static abstract V MultiplyAdd(V left, V right, V sum);
}

internal readonly unsafe struct Single512 : ILanes<float, Vector512<float>>
{
    public static (int Vectors, int Quads) Tile => (2, 3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* from) => Vector512.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* to, Vector512<float> value) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Broadcast(float* from) => Vector512.Create(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> left, Vector512<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Subtract(Vector512<float> left, Vector512<float> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ZipLow(Vector512<float> left, Vector512<float> right) =>
        Avx512F.PermuteVar16x32x2(left, Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23), right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ZipHigh(Vector512<float> left, Vector512<float> right) =>
        Avx512F.PermuteVar16x32x2(left, Vector512.Create(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> left, Vector512<float> right, Vector512<float> sum) =>
        Vector512.MultiplyAddEstimate(left, right, sum);
}

internal readonly unsafe struct Single256 : ILanes<float, Vector256<float>>
{
    public static (int Vectors, int Quads) Tile => (3, 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* from) => Vector256.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* to, Vector256<float> value) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Broadcast(float* from) => Vector256.Create(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> left, Vector256<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Subtract(Vector256<float> left, Vector256<float> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ZipLow(Vector256<float> left, Vector256<float> right) =>
        Vector256.ConditionalSelect(
            Vector256.Create(-1, 0, -1, 0, -1, 0, -1, 0).AsSingle(),
            Vector256.Shuffle(left, Vector256.Create(0, 0, 1, 1, 2, 2, 3, 3)),
            Vector256.Shuffle(right, Vector256.Create(0, 0, 1, 1, 2, 2, 3, 3))
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ZipHigh(Vector256<float> left, Vector256<float> right) =>
        Vector256.ConditionalSelect(
            Vector256.Create(-1, 0, -1, 0, -1, 0, -1, 0).AsSingle(),
            Vector256.Shuffle(left, Vector256.Create(4, 4, 5, 5, 6, 6, 7, 7)),
            Vector256.Shuffle(right, Vector256.Create(4, 4, 5, 5, 6, 6, 7, 7))
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> left, Vector256<float> right, Vector256<float> sum) =>
        Vector256.MultiplyAddEstimate(left, right, sum);
}

internal readonly unsafe struct Single128 : ILanes<float, Vector128<float>>
{
    public static (int Vectors, int Quads) Tile => (3, 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(float* from) => Vector128.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* to, Vector128<float> value) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Broadcast(float* from) => Vector128.Create(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> left, Vector128<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Subtract(Vector128<float> left, Vector128<float> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ZipLow(Vector128<float> left, Vector128<float> right) =>
        Vector128.ConditionalSelect(
            Vector128.Create(-1, 0, -1, 0).AsSingle(),
            Vector128.Shuffle(left, Vector128.Create(0, 0, 1, 1)),
            Vector128.Shuffle(right, Vector128.Create(0, 0, 1, 1))
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ZipHigh(Vector128<float> left, Vector128<float> right) =>
        Vector128.ConditionalSelect(
            Vector128.Create(-1, 0, -1, 0).AsSingle(),
            Vector128.Shuffle(left, Vector128.Create(2, 2, 3, 3)),
            Vector128.Shuffle(right, Vector128.Create(2, 2, 3, 3))
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> left, Vector128<float> right, Vector128<float> sum) =>
        Vector128.MultiplyAddEstimate(left, right, sum);
}

internal readonly unsafe struct Double512 : ILanes<double, Vector512<double>>
{
    public static (int Vectors, int Quads) Tile => (2, 3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Load(double* from) => Vector512.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* to, Vector512<double> value) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Broadcast(double* from) => Vector512.Create(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Add(Vector512<double> left, Vector512<double> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Subtract(Vector512<double> left, Vector512<double> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> ZipLow(Vector512<double> left, Vector512<double> right) =>
        Avx512F.PermuteVar8x64x2(left, Vector512.Create(0, 8, 1, 9, 2, 10, 3, 11L), right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> ZipHigh(Vector512<double> left, Vector512<double> right) =>
        Avx512F.PermuteVar8x64x2(left, Vector512.Create(4, 12, 5, 13, 6, 14, 7, 15L), right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> MultiplyAdd(Vector512<double> left, Vector512<double> right, Vector512<double> sum) =>
        Vector512.MultiplyAddEstimate(left, right, sum);
}

internal readonly unsafe struct Double256 : ILanes<double, Vector256<double>>
{
    public static (int Vectors, int Quads) Tile => (3, 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Load(double* from) => Vector256.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* to, Vector256<double> value) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Broadcast(double* from) => Vector256.Create(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Add(Vector256<double> left, Vector256<double> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Subtract(Vector256<double> left, Vector256<double> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> ZipLow(Vector256<double> left, Vector256<double> right) =>
        Vector256.ConditionalSelect(
            Vector256.Create(-1, 0, -1, 0L).AsDouble(),
            Vector256.Shuffle(left, Vector256.Create(0, 0, 1, 1L)),
            Vector256.Shuffle(right, Vector256.Create(0, 0, 1, 1L))
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> ZipHigh(Vector256<double> left, Vector256<double> right) =>
        Vector256.ConditionalSelect(
            Vector256.Create(-1, 0, -1, 0L).AsDouble(),
            Vector256.Shuffle(left, Vector256.Create(2, 2, 3, 3L)),
            Vector256.Shuffle(right, Vector256.Create(2, 2, 3, 3L))
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> MultiplyAdd(Vector256<double> left, Vector256<double> right, Vector256<double> sum) =>
        Vector256.MultiplyAddEstimate(left, right, sum);
}

internal readonly unsafe struct Double128 : ILanes<double, Vector128<double>>
{
    public static (int Vectors, int Quads) Tile => (2, 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Load(double* from) => Vector128.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* to, Vector128<double> value) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Broadcast(double* from) => Vector128.Create(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Add(Vector128<double> left, Vector128<double> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Subtract(Vector128<double> left, Vector128<double> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> ZipLow(Vector128<double> left, Vector128<double> right) =>
        Vector128.ConditionalSelect(
            Vector128.Create(-1, 0L).AsDouble(),
            Vector128.Shuffle(left, Vector128.Create(0, 0L)),
            Vector128.Shuffle(right, Vector128.Create(0, 0L))
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> ZipHigh(Vector128<double> left, Vector128<double> right) =>
        Vector128.ConditionalSelect(
            Vector128.Create(-1, 0L).AsDouble(),
            Vector128.Shuffle(left, Vector128.Create(1, 1L)),
            Vector128.Shuffle(right, Vector128.Create(1, 1L))
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> MultiplyAdd(Vector128<double> left, Vector128<double> right, Vector128<double> sum) =>
        Vector128.MultiplyAddEstimate(left, right, sum);
}
