using System.Numerics;
using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>
/// The product of a convolution in lanes with filters of 3x3 that move by one, by Winograd's way (Lavin and Gray, "Fast
/// algorithms for convolutional neural networks", 2016): squares of four positions are computed from squares of 4x4 pixels
/// with 16 multiplications for each channel instead of 36.
/// </summary>
/// <remarks>
/// Y = Aᵀ[(G·g·Gᵀ) ⊙ (Bᵀ·d·B)]A. The filters g are transformed once. For a few squares at a time the pixels d are transformed,
/// then each of the 16 places is a product over the channels, then the results are transformed. A pixel is a vector with an
/// image in each element, so that all transformations are sums of whole vectors.
/// </remarks>
/// <param name="channels">channels that are read.</param>
/// <param name="height">rows of the product: channels that are written, in whole quads.</param>
/// <param name="planes">where pixels lie; an even number of positions in each row.</param>
internal sealed unsafe class LaneWinograd<TLanes, T, V>(int channels, int height, Planes planes)
    where TLanes : ILanes<T, V>
    where T : unmanaged, INumber<T>
    where V : unmanaged
{
    private const int Places = 16;

    /// <summary>No fewer than a vector has elements, at any width.</summary>
    private const int FewestChannels = 16;

    private static int Lanes => BlockProduct<TLanes, T, V>.Lanes;

    /// <summary>Squares that fill a register tile.</summary>
    private static int SquaresAtOnce => TLanes.Tile.Vectors;

    /// <summary>
    /// Elements from one place to the next, for so many rows: a line more than the rows take, since sixteen writes a power of
    /// two apart would fall into one set of a first-level cache.
    /// </summary>
    private static nint PlaceStep(int rows) => rows * SquaresAtOnce * Lanes + 64 / sizeof(T);

    /// <summary>Elements of a group's transformed weights.</summary>
    public int Weights => checked(Places * channels * height);

    /// <summary>Bytes for the transformed squares and their products.</summary>
    public int ScratchBytes => checked((int)(Places * (PlaceStep(channels) + PlaceStep(height)) * sizeof(T)));

    /// <summary>Whether a convolution is of this form and large enough.</summary>
    public static bool Suits(ConvShape shape) =>
        (shape.KernelHeight, shape.KernelWidth) == (3, 3)
        && (shape.StrideHeight, shape.StrideWidth, shape.DilationHeight, shape.DilationWidth) == (1, 1, 1, 1)
        && Math.Min(shape.GroupInChannels, shape.GroupOutChannels) >= FewestChannels
        && IsExact(shape.OutHeight)
        && IsExact(shape.OutWidth)
        && IsExact(shape.InHeight)
        && IsExact(shape.InWidth);

    // Where the last square lies half outside of a short line, it gains nothing.
    private static bool IsExact(int positions) => positions % 2 == 0 || positions > 6;

    /// <summary>Transforms the filters that read one channel: U = G·g·Gᵀ.</summary>
    /// <param name="taps">for each tap, row by row, one number for each row of the product.</param>
    /// <param name="weights">the transformed weights of the group.</param>
    /// <param name="channel">which channel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void TransformFilters(T* taps, T* weights, int channel)
    {
        T number = T.One / (T.One + T.One);
        V half = TLanes.Broadcast(&number);
        T* to = weights + (long)channel * height;
        nint step = (nint)channels * height;
        for (int next = 0; next < height; next += Lanes)
        {
            // The last vector may overlap the one before.
            int o = Math.Min(next, height - Lanes);
            Quad<V> c0 = Spread(taps + o, 3 * height, half);
            Quad<V> c1 = Spread(taps + height + o, 3 * height, half);
            Quad<V> c2 = Spread(taps + 2 * height + o, 3 * height, half);
            StoreSpread(c0.Row0, c1.Row0, c2.Row0, half, to + o, step);
            StoreSpread(c0.Row1, c1.Row1, c2.Row1, half, to + 4 * step + o, step);
            StoreSpread(c0.Row2, c1.Row2, c2.Row2, half, to + 8 * step + o, step);
            StoreSpread(c0.Row3, c1.Row3, c2.Row3, half, to + 12 * step + o, step);
        }
    }

    /// <summary>Computes rows of positions, an even number.</summary>
    /// <param name="pixels">the planes.</param>
    /// <param name="weights">the transformed weights of the group.</param>
    /// <param name="result">a row of vectors for each row of the product.</param>
    /// <param name="rowStep">vectors from one row of the product to the next.</param>
    /// <param name="pitch">vectors from one row of positions to the next.</param>
    /// <param name="rows">rows of positions.</param>
    /// <param name="scratch">room for <see cref="ScratchBytes"/>.</param>
    /// <param name="work">room for what a block's product needs.</param>
    public void Multiply(T* pixels, T* weights, T* result, int rowStep, int pitch, int rows, T* scratch, T* work)
    {
        int across = planes.Width.Positions / 2;
        int squares = rows / 2 * across;
        for (int first = 0; first < squares; first += SquaresAtOnce)
        {
            int count = Math.Min(SquaresAtOnce, squares - first);
            int width = count * Lanes;
            T* products = scratch + Places * PlaceStep(channels);
            for (int i = 0; i < count; i++)
            {
                (int down, int right) = Math.DivRem(first + i, across);
                TransformPixels(pixels + (long)(2 * down * planes.Pitch + 2 * right) * Lanes, scratch + i * Lanes, width);
            }

            for (int place = 0; place < Places; place++)
            {
                var left = new LeftColumns<TLanes, T, V>(weights + (long)place * channels * height, height);
                var from = new RightRows<TLanes, T, V>(scratch + place * PlaceStep(channels), width, inPlace: true);
                var output = new MatrixOutput<T>(products + place * PlaceStep(height), width, width);
                BlockProduct<TLanes, T, V>.Run(left, from, output, new Block(0, height, 0, width), channels, false, work);
            }

            for (int i = 0; i < count; i++)
            {
                (int down, int right) = Math.DivRem(first + i, across);
                T* to = result + (long)(2 * down * pitch + 2 * right) * Lanes;
                TransformProducts(products + i * Lanes, width, to, rowStep * Lanes, pitch * Lanes);
            }
        }
    }

    /// <summary>G times a column of three taps: g₀, (g₀ + g₁ + g₂)/2, (g₀ − g₁ + g₂)/2, g₂.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad<V> Spread(T* taps, nint down, V half) =>
        Spread(TLanes.Load(taps), TLanes.Load(taps + down), TLanes.Load(taps + 2 * down), half);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad<V> Spread(V g0, V g1, V g2, V half)
    {
        V ends = TLanes.Add(g0, g2);
        return new Quad<V>
        {
            Row0 = g0,
            Row1 = TLanes.MultiplyAdd(half, TLanes.Add(ends, g1), default),
            Row2 = TLanes.MultiplyAdd(half, TLanes.Subtract(ends, g1), default),
            Row3 = g2,
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreSpread(V g0, V g1, V g2, V half, T* to, nint step)
    {
        Quad<V> row = Spread(g0, g1, g2, half);
        TLanes.Store(to, row.Row0);
        TLanes.Store(to + step, row.Row1);
        TLanes.Store(to + 2 * step, row.Row2);
        TLanes.Store(to + 3 * step, row.Row3);
    }

    /// <summary>Bᵀ·d·B of one square in all channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TransformPixels(T* pixels, T* to, int width)
    {
        nint down = (nint)planes.Pitch * Lanes;
        nint step = PlaceStep(channels);
        for (int channel = 0; channel < channels; channel++, pixels += (long)planes.ChannelSize * Lanes, to += width)
        {
            Quad<V> c0 = Differences(pixels, down);
            Quad<V> c1 = Differences(pixels + Lanes, down);
            Quad<V> c2 = Differences(pixels + 2 * Lanes, down);
            Quad<V> c3 = Differences(pixels + 3 * Lanes, down);
            StoreDifferences(c0.Row0, c1.Row0, c2.Row0, c3.Row0, to, step);
            StoreDifferences(c0.Row1, c1.Row1, c2.Row1, c3.Row1, to + 4 * step, step);
            StoreDifferences(c0.Row2, c1.Row2, c2.Row2, c3.Row2, to + 8 * step, step);
            StoreDifferences(c0.Row3, c1.Row3, c2.Row3, c3.Row3, to + 12 * step, step);
        }
    }

    /// <summary>Bᵀ times a column of four pixels: d₀ − d₂, d₁ + d₂, d₂ − d₁, d₁ − d₃.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad<V> Differences(T* pixels, nint down)
    {
        V d1 = TLanes.Load(pixels + down);
        V d2 = TLanes.Load(pixels + 2 * down);
        return new Quad<V>
        {
            Row0 = TLanes.Subtract(TLanes.Load(pixels), d2),
            Row1 = TLanes.Add(d1, d2),
            Row2 = TLanes.Subtract(d2, d1),
            Row3 = TLanes.Subtract(d1, TLanes.Load(pixels + 3 * down)),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreDifferences(V d0, V d1, V d2, V d3, T* to, nint step)
    {
        TLanes.Store(to, TLanes.Subtract(d0, d2));
        TLanes.Store(to + step, TLanes.Add(d1, d2));
        TLanes.Store(to + 2 * step, TLanes.Subtract(d2, d1));
        TLanes.Store(to + 3 * step, TLanes.Subtract(d1, d3));
    }

    /// <summary>Aᵀ·M·A of one square in all rows of the product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TransformProducts(T* products, int width, T* to, nint rowStep, nint pitch)
    {
        nint step = PlaceStep(height);
        for (int row = 0; row < height; row++, products += width, to += rowStep)
        {
            (V upper0, V lower0) = Sums(products, step);
            (V upper1, V lower1) = Sums(products + step, step);
            (V upper2, V lower2) = Sums(products + 2 * step, step);
            (V upper3, V lower3) = Sums(products + 3 * step, step);
            StoreSums(upper0, upper1, upper2, upper3, to);
            StoreSums(lower0, lower1, lower2, lower3, to + pitch);
        }
    }

    /// <summary>Aᵀ times a column of four products: m₀ + m₁ + m₂, m₁ − m₂ − m₃.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (V Upper, V Lower) Sums(T* products, nint step)
    {
        V m1 = TLanes.Load(products + 4 * step);
        V m2 = TLanes.Load(products + 8 * step);
        return (
            TLanes.Add(TLanes.Add(TLanes.Load(products), m1), m2),
            TLanes.Subtract(TLanes.Subtract(m1, m2), TLanes.Load(products + 12 * step))
        );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreSums(V m0, V m1, V m2, V m3, T* to)
    {
        TLanes.Store(to, TLanes.Add(TLanes.Add(m0, m1), m2));
        TLanes.Store(to + Lanes, TLanes.Subtract(TLanes.Subtract(m1, m2), m3));
    }
}
