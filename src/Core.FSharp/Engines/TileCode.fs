namespace Functional.Core.Engines

open System
open System.Collections.Generic
open Functional.Core
open Functional.Core.Graph
open Functional.Core.Compile
open Functional.Kernels
open Functional.Kernels.Tile
open Functional.Kernels.Draw

/// Pointwise work as a tile program: an instruction for each node, loads for what lies in memory, stores for what goes there.
[<RequireQualifiedAccess>]
module internal TileCode =
    let elementType dtype =
        match dtype with
        | Float32 -> ElementType.Float32
        | Float64 -> ElementType.Float64
        | DType.Int32 -> ElementType.Int32

    let private unary f =
        match f with
        | Neg -> TileFunction.Negate
        | Abs -> TileFunction.Abs
        | Sign -> TileFunction.Sign
        | Floor -> TileFunction.Floor
        | Ceil -> TileFunction.Ceiling
        | Round -> TileFunction.Round
        | Reciprocal -> TileFunction.Reciprocal
        | Sqrt -> TileFunction.Sqrt
        | Rsqrt -> TileFunction.ReciprocalSqrt
        | Exp -> TileFunction.Exp
        | Expm1 -> TileFunction.ExpM1
        | Log -> TileFunction.Log
        | Log1p -> TileFunction.Log1P
        | Sin -> TileFunction.Sin
        | Cos -> TileFunction.Cos
        | Tan -> TileFunction.Tan
        | Atan -> TileFunction.Atan
        | Tanh -> TileFunction.Tanh
        | Sigmoid -> TileFunction.Sigmoid
        | Softplus -> TileFunction.Softplus
        | Erf -> TileFunction.Erf
        | Relu -> TileFunction.Relu
        | Elu -> TileFunction.Elu

    let private binary f =
        match f with
        | Add -> TileFunction.Add
        | Sub -> TileFunction.Subtract
        | Mul -> TileFunction.Multiply
        | Div -> TileFunction.Divide
        | Pow -> TileFunction.Power
        | Mod -> TileFunction.Modulo
        | Atan2 -> TileFunction.Atan2
        | Maximum -> TileFunction.Maximum
        | Minimum -> TileFunction.Minimum
        | Eq -> TileFunction.Equal
        | Ne -> TileFunction.NotEqual
        | Lt -> TileFunction.Less
        | Le -> TileFunction.LessOrEqual
        | Gt -> TileFunction.Greater
        | Ge -> TileFunction.GreaterOrEqual

    let private draw kind =
        match kind with
        | Bits -> DrawKind.Bits32
        | Uniform -> DrawKind.Uniform
        | Normal -> DrawKind.Normal

    /// How an input with `view` is read over the elements of a step.
    let tileView (operand: Node -> Operand) (view: View) =
        TileView(elementType view.Base.DType, operand view.Base, ReadOnlySpan view.Shape, ReadOnlySpan view.Strides, int64 view.Offset)

    /// The program of a step's pointwise nodes; `result` is the node that a reduction reads.
    let ofStep (layout: Layout) (operand: Node -> Operand) (step: Step) (result: Node voption) : TileProgram =
        let inputs = List<TileView>()
        let outputs = List<TileOutput>()
        let code = List<TileInstruction>()
        let registers = Dictionary<Node, int>(HashIdentity.Reference)
        let mutable used = 0

        let next () =
            used <- used + 1
            used - 1

        let own = HashSet<Node>(step.Pointwise, HashIdentity.Reference)

        /// Emits the instruction that fills the register of `node`, once.
        let register (node: Node) (instruction: ElementType -> int -> TileInstruction) =
            match registers.TryGetValue node with
            | true, register -> register
            | _ ->
                let register = next ()
                code.Add(instruction (elementType node.DType) register)
                registers[node] <- register
                register

        let load (view: TileView) =
            inputs.Add view
            inputs.Count - 1

        /// The register that holds an input of a pointwise node.
        let source (input: Node) =
            match layout.Computed input with
            | ValueSome node when own.Contains node -> registers[node]
            | _ ->
                let view = layout.View input

                match view.Base.Op with
                | Fill(value, _, _) -> register input (fun kind register -> TileInstruction.Constant(kind, register, value.Value))
                | _ -> register input (fun kind register -> TileInstruction.Load(kind, register, load (tileView operand view)))

        for node in step.Pointwise do
            let read i = source node.Inputs[i]
            let apply (make: ElementType -> int -> TileInstruction) = register node make |> ignore

            match node.Op with
            | Unary f ->
                let a = read 0
                apply (fun kind register -> TileInstruction.Apply(unary f, kind, register, a))
            | Binary f ->
                let a, b = read 0, read 1
                apply (fun kind register -> TileInstruction.Apply(binary f, kind, register, a, b))
            | Select ->
                let c, a, b = read 0, read 1, read 2
                apply (fun kind register -> TileInstruction.Apply(TileFunction.Select, kind, register, c, a, b))
            | Cast _ ->
                let a = read 0
                apply (fun kind register -> TileInstruction.Cast(kind, register, a))
            | Random(kind, _, _) ->
                let key = load (tileView operand (layout.View node.Inputs[0]))
                apply (fun elements register -> TileInstruction.Random(draw kind, elements, register, key))
            | Input _
            | Data
            | Fill _
            | Iota _
            | StopGradient
            | Variable
            | Reshape _
            | Permute _
            | Broadcast _
            | Slice _
            | Pad _
            | Concat _
            | Gather
            | Scatter _
            | Reduce _
            | ArgMax _
            | MatMul _
            | Conv _
            | ConvInput _
            | ConvWeight _
            | MaxPick _
            | MaxScatter _
            | Fold _
            | Loop _
            | Part _ ->
                Errors.state (Infer.name node.Op) "an operation with its own kernel" "pointwise work" "this is a defect of the compiler"

            if Array.exists (fun written -> obj.ReferenceEquals(written, node)) step.Writes then
                outputs.Add(TileOutput(elementType node.DType, operand node))
                code.Add(TileInstruction.Store(elementType node.DType, outputs.Count - 1, registers[node]))

        let register =
            match result with
            | ValueSome node -> registers[node]
            | ValueNone -> -1

        TileProgram(
            int64 step.Pointwise[0].Count,
            ReadOnlySpan(inputs.ToArray()),
            ReadOnlySpan(outputs.ToArray()),
            ReadOnlySpan(code.ToArray()),
            register
        )
