namespace Functional.Kernels;

/// <summary>A tensor of a loop's state.</summary>
/// <param name="Initial">its elements before the first turn.</param>
/// <param name="Offset">bytes from the start of the loop's result, a multiple of 64.</param>
/// <param name="Bytes">the length of its elements.</param>
public readonly record struct LoopState(Operand Initial, long Offset, long Bytes);

/// <summary>
/// Runs other kernels many times. The state lies in the loop's result from the start, and every turn overwrites it there.
/// </summary>
/// <remarks>
/// The slots of the body are: the number of the turn, the state, what every turn reads, the state again, which is what it
/// writes, and the arena. All memory of the body lies in the loop's own workspace, so loops may be nested and a turn allocates nothing.
/// </remarks>
public sealed unsafe class LoopKernel : Kernel
{
    private const long TurnBytes = 64;

    private readonly KernelSequence _body;
    private readonly int _turns;
    private readonly LoopState[] _state;
    private readonly Operand[] _constants;
    private readonly Operand _output;

    /// <summary>Plans a loop.</summary>
    /// <param name="body">one turn.</param>
    /// <param name="turns">how many there are, 0 or more.</param>
    /// <param name="state">what a turn overwrites.</param>
    /// <param name="constants">what every turn reads.</param>
    /// <param name="output">room for the whole state, which overlaps no operand.</param>
    public LoopKernel(KernelSequence body, int turns, LoopState[] state, Operand[] constants, Operand output) =>
        (_body, _turns, _state, _constants, _output) = (body, turns, state, constants, output);

    /// <inheritdoc/>
    public override long WorkspaceBytes => TurnBytes + TableBytes + KernelSequence.Lines(_body.ArenaBytes) + _body.WorkspaceBytes;

    /// <inheritdoc/>
    public override int ScratchBytes => checked((int)_body.ScratchBytes);

    private long TableBytes => KernelSequence.Lines((long)_body.Slots * sizeof(nint));

    /// <inheritdoc/>
    public override void Run(RunContext context)
    {
        int* turn = (int*)context.Workspace;
        nint* buffers = (nint*)(context.Workspace + TurnBytes);
        byte* arena = context.Workspace + TurnBytes + TableBytes;
        byte* output = _output.In<byte>(context);
        int written = 1 + _state.Length + _constants.Length;
        buffers[0] = (nint)turn;
        buffers[_body.Slots - 1] = (nint)arena;
        for (int i = 0; i < _state.Length; i++)
        {
            byte* state = output + _state[i].Offset;
            Buffer.MemoryCopy(_state[i].Initial.In<byte>(context), state, _state[i].Bytes, _state[i].Bytes);
            buffers[1 + i] = buffers[written + i] = (nint)state;
        }

        for (int i = 0; i < _constants.Length; i++)
            buffers[1 + _state.Length + i] = (nint)_constants[i].In<byte>(context);
        RunContext inside = context.Within(buffers, (nint)(arena + KernelSequence.Lines(_body.ArenaBytes)));
        for (*turn = 0; *turn < _turns; ++*turn)
            _body.Run(inside);
    }

    /// <summary>A loop has no tasks of its own: its body's kernels share theirs.</summary>
    protected internal override void Execute(RunContext context, int phase, int task, int worker) =>
        throw new InvalidOperationException("loop: found a task of its own, expected the tasks of its body's kernels.");
}
