namespace Functional.Kernels.Tile;

/// <summary>The form that a tile program must have.</summary>
internal static class TileCheck
{
    /// <summary>Returns the instruction that writes each register, or throws what is wrong.</summary>
    public static Dictionary<int, TileInstruction> Run(TileProgram program)
    {
        var registers = new Dictionary<int, TileInstruction>();
        var stored = new HashSet<int>();
        for (int i = 0; i < program.Instructions.Count; i++)
        {
            TileInstruction instruction = program.Instructions[i];
            string? mistake =
                Operands(instruction, registers)
                ?? Ports(program, instruction)
                ?? (
                    instruction.Opcode == TileOpcode.Store
                        ? stored.Add(instruction.Port)
                            ? null
                            : $"output {instruction.Port} is stored twice"
                        : registers.TryAdd(instruction.Destination, instruction)
                            ? null
                            : $"register {instruction.Destination} is written twice"
                );
            if (mistake != null)
                throw new ArgumentException($"tile program, instruction {i} ({instruction.Opcode}): {mistake}");
        }

        string? whole =
            program.Count < 0 ? $"{program.Count} elements"
            : stored.Count < program.Outputs.Count ? "an output is never stored"
            : program.Result >= 0 && !registers.ContainsKey(program.Result) ? $"result register {program.Result} is never written"
            : Overlap(program);
        return whole == null ? registers : throw new ArgumentException($"tile program: {whole}");
    }

    private static string? Operands(TileInstruction instruction, Dictionary<int, TileInstruction> registers)
    {
        for (int operand = 0; operand < instruction.Operands; operand++)
        {
            int register = instruction.Operand(operand);
            if (!registers.TryGetValue(register, out TileInstruction writer))
                return $"register {register} is read before it is written";
            if (instruction.Opcode != TileOpcode.Cast && writer.Type != instruction.Type)
                return $"register {register} is {writer.Type}, not {instruction.Type}";
        }
        return instruction is { Opcode: TileOpcode.Apply, Type: ElementType.Int32 } && !instruction.Function.IsDefinedOnIntegers()
            ? $"{instruction.Function} is not defined on {instruction.Type}"
            : null;
    }

    private static string? Ports(TileProgram program, TileInstruction instruction)
    {
        if (instruction.Opcode == TileOpcode.Store)
            return (uint)instruction.Port >= (uint)program.Outputs.Count ? $"there is no output {instruction.Port}"
                : program.Outputs[instruction.Port].Type != instruction.Type ? $"output {instruction.Port} is not {instruction.Type}"
                : null;
        if (instruction.Opcode is not (TileOpcode.Load or TileOpcode.Iota or TileOpcode.Random))
            return null;
        if ((uint)instruction.Port >= (uint)program.Inputs.Count)
            return $"there is no input {instruction.Port}";
        TileView view = program.Inputs[instruction.Port];
        if (instruction.Opcode == TileOpcode.Random)
            return view is { Type: ElementType.Int32, Count: 2, IsContiguous: true } ? null : $"input {instruction.Port} is not a key";
        return view.Count != program.Count ? $"input {instruction.Port} has {view.Count} elements, not {program.Count}"
            : instruction.Opcode == TileOpcode.Load && view.Type != instruction.Type
                ? $"input {instruction.Port} is {view.Type}, not {instruction.Type}"
            : null;
    }

    /// <summary>Outputs overlap nothing, except that one may take the exact place of a contiguous input.</summary>
    private static string? Overlap(TileProgram program)
    {
        for (int o = 0; o < program.Outputs.Count; o++)
        {
            TileOutput output = program.Outputs[o];
            for (int other = 0; other < o; other++)
                if (Overlaps(program.Outputs[other].Target.Slot, Range(program, program.Outputs[other]), output, program))
                    return $"outputs {other} and {o} overlap";
            foreach (TileInstruction reader in program.Instructions)
            {
                if (reader.Opcode is not (TileOpcode.Load or TileOpcode.Random))
                    continue;
                TileView input = program.Inputs[reader.Port];
                if (Overlaps(input.Source.Slot, input.ByteRange, output, program) && !IsInPlace(program, reader, output))
                    return $"output {o} overlaps input {reader.Port} and is not in its exact place";
            }
        }
        return null;
    }

    /// <summary>Whether the output replaces what the instruction reads, element by element.</summary>
    public static bool IsInPlace(TileProgram program, TileInstruction reader, TileOutput output)
    {
        TileView input = program.Inputs[reader.Port];
        return reader.Opcode == TileOpcode.Load
            && input.IsContiguous
            && input.Source.Slot == output.Target.Slot
            && input.ByteRange == Range(program, output);
    }

    private static bool Overlaps(int slot, (long First, long End) range, TileOutput output, TileProgram program)
    {
        (long first, long end) = Range(program, output);
        return slot == output.Target.Slot && range.First < end && first < range.End;
    }

    private static (long First, long End) Range(TileProgram program, TileOutput output) =>
        (output.Target.ByteOffset, output.Target.ByteOffset + program.Count * output.Type.Size());
}
