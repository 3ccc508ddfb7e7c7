namespace Functional.Kernels;

/// <summary>
/// The product <c>C[b] = op(A[b]) · op(B[b])</c> for each b of a batch, where op(A) is M x K, op(B) is K x N and C is M x N.
/// Matrices are row-major; a leading dimension is the number of elements from one stored row to the next.
/// </summary>
/// <param name="Type">float32 or float64, of all three.</param>
/// <param name="M">rows of C.</param>
/// <param name="N">columns of C.</param>
/// <param name="K">length of each sum; where it is 0, C is 0.</param>
public sealed record GemmShape(ElementType Type, int M, int N, int K)
{
    /// <summary>How many products.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>A is stored K x M and used transposed.</summary>
    public bool TransposeA { get; init; }

    /// <summary>B is stored N x K and used transposed.</summary>
    public bool TransposeB { get; init; }

    /// <summary>Elements from one stored row of A to the next; 0 when rows are adjacent.</summary>
    public int LeadingA { get; init; }

    /// <summary>Elements from one stored row of B to the next; 0 when rows are adjacent.</summary>
    public int LeadingB { get; init; }

    /// <summary>Elements from one row of C to the next; 0 when rows are adjacent.</summary>
    public int LeadingC { get; init; }

    /// <summary>Elements from one A to the next; 0 uses the same A throughout.</summary>
    public long BatchStrideA { get; init; }

    /// <summary>Elements from one B to the next; 0 uses the same B throughout.</summary>
    public long BatchStrideB { get; init; }

    /// <summary>Elements from one C to the next.</summary>
    public long BatchStrideC { get; init; }

    /// <summary>Adds the product to C instead of overwriting it.</summary>
    public bool Accumulate { get; init; }

    /// <summary>A batch of products whose matrices lie one after the other.</summary>
    public static GemmShape Adjacent(ElementType type, int batch, int m, int n, int k) =>
        new(type, m, n, k)
        {
            Batch = batch,
            BatchStrideA = (long)m * k,
            BatchStrideB = (long)k * n,
            BatchStrideC = (long)m * n,
        };

    internal int RowStepA =>
        LeadingA != 0 ? LeadingA
        : TransposeA ? M
        : K;

    internal int RowStepB =>
        LeadingB != 0 ? LeadingB
        : TransposeB ? K
        : N;

    internal int RowStepC => LeadingC != 0 ? LeadingC : N;

    /// <summary>Refuses sizes that no memory can have.</summary>
    /// <exception cref="ArgumentException">a negative size, rows that overlap, or results of a batch that overlap.</exception>
    internal void Validate()
    {
        if (Type == ElementType.Int32)
            throw new ArgumentException("A matrix product takes float32 or float64, not int32.", nameof(Type));
        if (Batch < 0 || M < 0 || N < 0 || K < 0)
            throw new ArgumentException($"A matrix product has no negative sizes: batch {Batch}, M {M}, N {N}, K {K}.");
        if (RowStepA < (TransposeA ? M : K) || RowStepB < (TransposeB ? K : N) || RowStepC < N)
            throw new ArgumentException($"Leading dimensions {LeadingA}, {LeadingB}, {LeadingC} are shorter than the rows of {this}.");
        if (Batch > 1 && BatchStrideC < (M == 0 ? 0 : (M - 1L) * RowStepC + N))
            throw new ArgumentException($"The results of a batch overlap: they lie {BatchStrideC} elements apart in {this}.");
    }
}
