using System.Runtime.Intrinsics;
using Functional.Kernels.Simd;

namespace Functional.Kernels.Draw;

/// <summary>
/// Derives keys: row i of the result is the Threefry block of counter (data[i], stream) under a key. Children of a split are the
/// blocks of data 0, 1, 2, ... of one stream; folding data into a key is the block of one word of another.
/// </summary>
public sealed unsafe class KeyKernel : Kernel
{
    private const int RowsPerTask = 8192;

    private readonly Operand _key;
    private readonly Operand? _data;
    private readonly Operand _output;
    private readonly int _stream;
    private readonly int _rows;

    /// <summary>Plans the kernel.</summary>
    /// <param name="key">two int32 words.</param>
    /// <param name="data">int32 [rows], or null for 0, 1, 2, ...</param>
    /// <param name="output">int32 [rows, 2]; overlaps neither of the others.</param>
    /// <param name="stream">counter word 1.</param>
    /// <param name="rows">how many keys.</param>
    public KeyKernel(Operand key, Operand? data, Operand output, int stream, int rows)
    {
        _key = key;
        _data = data;
        _output = output;
        _stream = stream;
        _rows = rows;
    }

    /// <inheritdoc/>
    public override void Run(RunContext context)
    {
        int tasks = (_rows + RowsPerTask - 1) / RowsPerTask;
        if (tasks == 1)
            Execute(context, 0, 0, 0);
        else
            context.Pool.Run(this, context, 0, tasks);
    }

    /// <inheritdoc/>
    protected internal override void Execute(RunContext context, int phase, int task, int worker)
    {
        int start = task * RowsPerTask;
        int length = Math.Min(RowsPerTask, _rows - start);
        if (Vector512.IsHardwareAccelerated)
            Derive<V512<float>>(context, start, length);
        else if (Vector256.IsHardwareAccelerated)
            Derive<V256<float>>(context, start, length);
        else
            Derive<V128<float>>(context, start, length);
    }

    private void Derive<V>(RunContext context, int start, int length)
        where V : unmanaged, IVector<V>
    {
        int* key = _key.In<int>(context);
        int* data = _data is { } words ? words.In<int>(context) + start : null;
        int* output = _output.In<int>(context) + 2L * start;
        var cipher = new Threefry<V>(key[0], key[1]);
        for (int row = 0; row < length; row += V.Lanes)
        {
            int lanes = Math.Min(V.Lanes, length - row);
            V word0 = V.AddInteger(V.Integer(start + row), V.ToInteger(V.Indices));
            if (data != null)
                new Span<int>(data + row, lanes).CopyTo(new Span<int>(&word0, lanes));
            V word1 = V.Integer(_stream);
            cipher.Encrypt(ref word0, ref word1);
            for (int lane = 0; lane < lanes; lane++)
            {
                output[2 * (row + lane)] = ((int*)&word0)[lane];
                output[2 * (row + lane) + 1] = ((int*)&word1)[lane];
            }
        }
    }
}
