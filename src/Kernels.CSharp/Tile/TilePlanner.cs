namespace Functional.Kernels.Tile;

/// <summary>
/// Plans a checked program. Contiguous inputs are read where they lie, and the instruction that makes a stored register writes straight
/// into the output. Numbers that are equal for all elements live in lines. Registers share memory when their lifetimes do not meet.
/// </summary>
internal sealed class TilePlanner
{
    private readonly TileProgram _program;
    private readonly Dictionary<int, int> _lastUse = [];
    private readonly HashSet<int> _uniform = [];

    /// <summary>Output that a register's own instruction writes.</summary>
    private readonly Dictionary<int, int> _direct = [];

    /// <summary>Index of the instruction that overwrites each output.</summary>
    private readonly int[] _written;

    private readonly Dictionary<int, TileValue> _values = [];
    private readonly Stack<int> _free = new();
    private readonly List<TileEntry> _entries = [];
    private readonly List<TileStep> _copies = [];
    private readonly List<TileStep> _lineSteps = [];
    private readonly List<TileStep> _steps = [];

    private TilePlanner(TileProgram program)
    {
        _program = program;
        _written = new int[program.Outputs.Count];
    }

    public static TilePlan Plan(TileProgram program)
    {
        var planner = new TilePlanner(program);
        planner.FindUses();
        planner.FindDirectStores();
        planner.CopyOverwrittenInputs();
        for (int i = 0; i < program.Instructions.Count; i++)
            planner.Add(i, program.Instructions[i]);
        return planner.Finish();
    }

    private TilePlan Finish()
    {
        int result = -1;
        if (_program.Result >= 0)
        {
            TileValue value = _values[_program.Result];
            result = value.Uniform ? NewRegister() : value.Entry;
            if (value.Uniform)
                _steps.Add(Copy(_program.Registers[_program.Result].Type, result, value));
        }
        return new()
        {
            Entries = [.. _entries],
            LineSteps = [.. _lineSteps],
            Steps = [.. _copies, .. _steps],
            Result = result,
            RegisterBytes = TileProgram.TileElements * _program.Registers.Values.Select(writer => writer.Type.Size()).Append(4).Max(),
            Cost = Math.Max(1, _program.Instructions.Sum(Cost)),
        };
    }

    private void FindUses()
    {
        for (int i = 0; i < _program.Instructions.Count; i++)
        {
            TileInstruction instruction = _program.Instructions[i];
            bool uniform = instruction.Opcode is TileOpcode.Constant or TileOpcode.Apply or TileOpcode.Cast || IsScalarLoad(instruction);
            for (int operand = 0; operand < instruction.Operands; operand++)
            {
                _lastUse[instruction.Operand(operand)] = i;
                uniform &= _uniform.Contains(instruction.Operand(operand));
            }
            if (uniform)
                _uniform.Add(instruction.Destination);
        }
        if (_program.Result >= 0)
            _lastUse[_program.Result] = int.MaxValue;
    }

    private void FindDirectStores()
    {
        for (int i = 0; i < _program.Instructions.Count; i++)
        {
            TileInstruction store = _program.Instructions[i];
            if (store.Opcode != TileOpcode.Store)
                continue;
            bool made = !_uniform.Contains(store.A) && !IsDirectLoad(_program.Registers[store.A]);
            bool direct = made && _direct.TryAdd(store.A, store.Port);
            _written[store.Port] = direct ? IndexOfWriter(store.A) : i;
        }
    }

    /// <summary>An input that is still read after an output has taken its place is copied at the start of each tile.</summary>
    private void CopyOverwrittenInputs()
    {
        foreach (TileInstruction load in _program.Instructions)
        {
            if (!IsDirectLoad(load) || !_lastUse.TryGetValue(load.Destination, out int lastUse))
                continue;
            for (int output = 0; output < _written.Length; output++)
            {
                if (_written[output] >= lastUse || !TileCheck.IsInPlace(_program, load, _program.Outputs[output]))
                    continue;
                var register = new TileValue(NewRegister(), false);
                _copies.Add(Copy(load.Type, register.Entry, Moving(load.Type, _program.Inputs[load.Port])));
                _values[load.Destination] = register;
                break;
            }
        }
    }

    private void Add(int index, TileInstruction instruction)
    {
        switch (instruction.Opcode)
        {
            case TileOpcode.Constant:
                TileEntry constant = new(TileEntryKind.Constant, instruction.Type, Immediate: instruction.Immediate);
                _values[instruction.Destination] = new(NewEntry(constant), true);
                break;
            case TileOpcode.Load:
                Load(instruction);
                break;
            case TileOpcode.Iota:
                Make(instruction, to => TileSteps.Iota(instruction.Type, _program.Inputs[instruction.Port], to));
                break;
            case TileOpcode.Random:
                int key = NewEntry(new(TileEntryKind.Fixed, Memory: First(_program.Inputs[instruction.Port])));
                Make(instruction, to => TileSteps.Draw(instruction.Draw, instruction.Type, to, key));
                break;
            case TileOpcode.Apply:
                TileValue a = Operand(instruction, 0),
                    b = Operand(instruction, 1),
                    c = Operand(instruction, 2);
                FreeOperands(index, instruction);
                Make(instruction, to => TileSteps.Apply(instruction.Function, instruction.Type, to, a, b, c));
                break;
            case TileOpcode.Cast:
                // The operand's memory is free only afterwards: elements of different sizes would overrun each other.
                TileValue value = Operand(instruction, 0);
                Make(instruction, to => TileSteps.Cast(_program.Registers[instruction.A].Type, instruction.Type, to, value));
                FreeOperands(index, instruction);
                break;
            case TileOpcode.Store:
                Store(instruction);
                FreeOperands(index, instruction);
                break;
        }
    }

    private void Load(TileInstruction load)
    {
        TileView view = _program.Inputs[load.Port];
        if (_values.ContainsKey(load.Destination))
            return;
        if (IsScalarLoad(load))
            _values[load.Destination] = new(NewEntry(new(TileEntryKind.Scalar, load.Type, First(view))), true);
        else if (IsDirectLoad(load))
            _values[load.Destination] = Moving(load.Type, view);
        else
        {
            int source = NewEntry(new(TileEntryKind.Fixed, Memory: view.Source));
            Make(load, to => TileSteps.Strided(view, to, source));
        }
    }

    private void Store(TileInstruction store)
    {
        if (_direct.TryGetValue(store.A, out int output) && output == store.Port)
            return;
        int entry = NewEntry(new(TileEntryKind.Moving, store.Type, _program.Outputs[store.Port].Target));
        _steps.Add(Copy(store.Type, entry, Operand(store, 0)));
    }

    /// <summary>Adds the step that makes a register, in a line, an output or a register.</summary>
    private void Make(TileInstruction instruction, Func<int, TileStep> step)
    {
        int register = instruction.Destination;
        bool uniform = _uniform.Contains(register);
        int entry =
            uniform ? NewEntry(new(TileEntryKind.Line))
            : _direct.TryGetValue(register, out int output)
                ? NewEntry(new(TileEntryKind.Moving, instruction.Type, _program.Outputs[output].Target))
            : NewRegister();
        _values[register] = new(entry, uniform);
        (uniform ? _lineSteps : _steps).Add(step(entry));
        if (!_lastUse.ContainsKey(register))
            Free(entry);
    }

    private void FreeOperands(int index, TileInstruction instruction)
    {
        for (int operand = 0; operand < instruction.Operands; operand++)
        {
            int register = instruction.Operand(operand);
            if (_lastUse[register] == index)
                Free(_values[register].Entry);
        }
    }

    private void Free(int entry)
    {
        if (_entries[entry].Kind == TileEntryKind.Register && !_free.Contains(entry))
            _free.Push(entry);
    }

    private int NewRegister() => _free.TryPop(out int entry) ? entry : NewEntry(new(TileEntryKind.Register));

    private int NewEntry(TileEntry entry)
    {
        _entries.Add(entry);
        return _entries.Count - 1;
    }

    private TileValue Moving(ElementType type, TileView view) => new(NewEntry(new(TileEntryKind.Moving, type, First(view))), false);

    private TileValue Operand(TileInstruction instruction, int index) =>
        index < instruction.Operands ? _values[instruction.Operand(index)] : default;

    private int IndexOfWriter(int register)
    {
        int index = 0;
        while (_program.Instructions[index].Destination != register)
            index++;
        return index;
    }

    private bool IsScalarLoad(TileInstruction instruction) =>
        instruction.Opcode == TileOpcode.Load && _program.Inputs[instruction.Port].IsScalar;

    private bool IsDirectLoad(TileInstruction instruction) =>
        instruction.Opcode == TileOpcode.Load && _program.Inputs[instruction.Port].IsContiguous;

    private static TileStep Copy(ElementType type, int to, TileValue from) =>
        TileSteps.Apply(TileFunction.Identity, type, to, from, default, default);

    private static Operand First(TileView view) =>
        view.Source with
        {
            ByteOffset = view.Source.ByteOffset + view.Offset * view.Type.Size(),
        };

    private static int Cost(TileInstruction instruction) =>
        instruction.Opcode switch
        {
            TileOpcode.Apply => instruction.Function.Cost(instruction.Type),
            TileOpcode.Random => instruction.Type == ElementType.Float64 ? 200 : 8,
            TileOpcode.Load or TileOpcode.Store => 1,
            TileOpcode.Iota or TileOpcode.Cast => 5,
            _ => 0,
        };
}
