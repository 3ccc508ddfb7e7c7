namespace Functional.Kernels;

/// <summary>A kernel that only moves elements: moves to regions that do not overlap, whose tasks form one phase.</summary>
public abstract class MoveKernel : Kernel
{
    private readonly Move[] _moves;
    private readonly int _tasks;

    private protected MoveKernel(params Move[] moves)
    {
        _moves = moves;
        _tasks = moves.Sum(move => move.Split.Tasks);
    }

    /// <inheritdoc/>
    public sealed override void Run(RunContext context)
    {
        if (_tasks > 0)
            context.Pool.Run(this, context, 0, _tasks);
    }

    /// <inheritdoc/>
    protected internal sealed override void Execute(RunContext context, int phase, int task, int worker)
    {
        int index = 0;
        while (task >= _moves[index].Split.Tasks)
            task -= _moves[index++].Split.Tasks;
        _moves[index].Execute(context, task);
    }
}
