namespace Functional.Core.Engines

open System
open Functional.Core
open Functional.Core.Graph
open Functional.Core.Compile
open Functional.Kernels
open Functional.Kernels.Tile

/// The kernel that runs a step.
[<RequireQualifiedAccess>]
module internal Lower =
    let private defect (node: Node) : 'a =
        Errors.state (Infer.name node.Op) "a step" "an operation with its own kernel" "this is a defect of the compiler"

    let private product (shape: int[]) = Array.fold (*) 1 shape

    let private wideStrides (view: View) = view.Strides |> Array.map int64

    /// Copies a view into contiguous memory.
    let copy (operand: Node -> Operand) (view: View) (target: Operand) : Kernel =
        let kind = TileCode.elementType view.Base.DType

        match view.Base.Op with
        | Fill(value, _, _) -> FillKernel(kind, value.Value, target, view.Shape)
        | _ ->
            let source = operand view.Base

            let start =
                Operand(source.Slot, source.ByteOffset + int64 view.Offset * int64 (DType.size view.Base.DType))

            CopyKernel(kind, start, wideStrides view, target, view.Shape)

    let private reduceOp f =
        match f with
        | Sum -> Functional.Kernels.ReduceOp.Sum
        | Max -> Functional.Kernels.ReduceOp.Max

    let private tileReduction f =
        match f with
        | Sum -> TileReduction.Sum
        | Max -> TileReduction.Maximum

    let private poolShape (spec: PoolSpec) (x: int[]) =
        let window = spec.Window

        let axis size kernel stride dilation (struct (low, high)) =
            PoolAxis(size, kernel, stride, low, high, dilation)

        let struct (kh, kw), struct (sh, sw), struct (dh, dw) =
            spec.Kernel, window.Stride, window.Dilation

        PoolShape(x[0] * x[1], axis x[2] kh sh dh window.PadHeight, axis x[3] kw sw dw window.PadWidth)

    let private convShape kind (spec: ConvSpec) (x: int[]) (w: int[]) =
        let struct (sh, sw), struct (dh, dw) = spec.Window.Stride, spec.Window.Dilation

        let struct (top, bottom), struct (left, right) =
            spec.Window.PadHeight, spec.Window.PadWidth

        ConvShape(
            kind,
            x[0],
            x[1],
            x[2],
            x[3],
            w[0],
            w[2],
            w[3],
            StrideHeight = sh,
            StrideWidth = sw,
            PadTop = top,
            PadLeft = left,
            PadBottom = bottom,
            PadRight = right,
            DilationHeight = dh,
            DilationWidth = dw,
            Groups = spec.Groups
        )

    let private matmul (layout: Layout) (place: View -> Operand) (target: Operand) (node: Node) ta tb (epilogue: Epilogue | null) : Kernel =
        let a, b = layout.View node.Inputs[0], layout.View node.Inputs[1]
        let rank = node.Shape.Length
        let m, n = node.Shape[rank - 2], node.Shape[rank - 1]
        let inner = if ta then a.Shape[rank - 2] else a.Shape[rank - 1]

        match View.asMatrix a, View.asMatrix b, View.stackStride a, View.stackStride b with
        | ValueSome(struct (leadA, liesA)), ValueSome(struct (leadB, liesB)), ValueSome stackA, ValueSome stackB ->
            let shape =
                GemmShape(
                    TileCode.elementType node.DType,
                    m,
                    n,
                    inner,
                    Batch = product node.Shape[.. rank - 3],
                    TransposeA = (ta <> liesA),
                    TransposeB = (tb <> liesB),
                    LeadingA = leadA,
                    LeadingB = leadB,
                    BatchStrideA = int64 stackA,
                    BatchStrideB = int64 stackB,
                    BatchStrideC = int64 m * int64 n
                )

            GemmKernel.Create(shape, place a, place b, target, epilogue)
        | _ -> defect node

    /// The kernel of an operation that has its own; only products take an epilogue.
    let private single loopBody (layout: Layout) (operand: Node -> Operand) (node: Node) (epilogue: Epilogue | null) : Kernel =
        let kind = TileCode.elementType node.DType
        let target = operand node
        let shape i = node.Inputs[i].Shape

        /// Where a view starts.
        let place (view: View) =
            let found = operand view.Base
            Operand(found.Slot, found.ByteOffset + int64 view.Offset * int64 (DType.size view.Base.DType))

        let input i = place (layout.View node.Inputs[i])

        match node.Op with
        | Fill(value, _, shape) -> FillKernel(kind, value.Value, target, shape)
        | Iota n ->
            let view = TileView(kind, target, ReadOnlySpan [| n |], ReadOnlySpan [| 1 |])

            TileKernel(
                TileProgram(
                    int64 n,
                    ReadOnlySpan [| view |],
                    ReadOnlySpan [| TileOutput(kind, target) |],
                    ReadOnlySpan [| TileInstruction.Iota(kind, 0, 0); TileInstruction.Store(kind, 0, 0) |]
                )
            )
        | Reshape _
        | Permute _
        | Broadcast _
        | Slice _ ->
            match View.apply node (layout.View node.Inputs[0]) with
            | ValueSome view -> copy operand view target
            // A reshape whose strides do not allow a view reads the same elements in order.
            | ValueNone -> copy operand (layout.View node.Inputs[0]) target
        | Pad(low, high) -> PadKernel(kind, input 0, target, shape 0, low, high, 0.0)
        | Concat axis -> ConcatKernel(kind, Array.init node.Inputs.Length input, node.Inputs |> Array.map _.Shape, axis, target)
        | Gather ->
            let rows = Array.head (shape 0)
            GatherKernel(kind, input 0, input 1, target, rows, int64 (product (Array.tail (shape 0))), int64 (Array.head (shape 1)))
        | Scatter rows ->
            ScatterAddKernel(kind, input 0, input 1, target, rows, int64 (product (Array.tail (shape 0))), int64 (Array.head (shape 1)))
        | Reduce(f, axes) ->
            let shape = shape 0
            let first, last = Array.head axes, Array.last axes

            ReduceKernel(
                kind,
                reduceOp f,
                input 0,
                target,
                int64 (product shape[.. first - 1]),
                int64 (product shape[first..last]),
                int64 (product shape[last + 1 ..])
            )
        | ArgMax axis ->
            let shape = shape 0

            ArgMaxKernel(
                TileCode.elementType node.Inputs[0].DType,
                input 0,
                target,
                int64 (product shape[.. axis - 1]),
                int64 shape[axis],
                int64 (product shape[axis + 1 ..])
            )
        | MatMul(ta, tb) -> matmul layout place target node ta tb epilogue
        | Conv spec -> ConvForward.Create(convShape kind spec (shape 0) (shape 1), input 0, input 1, target, epilogue)
        | ConvInput(spec, _, _) -> ConvInputGradient.Create(convShape kind spec node.Shape (shape 0), input 0, input 1, target)
        | ConvWeight(spec, _, _) -> ConvWeightGradient.Create(convShape kind spec (shape 0) node.Shape, input 0, input 1, target)
        | MaxPick spec -> MaxPickKernel(kind, poolShape spec (shape 0), input 0, input 1, target)
        | MaxScatter spec -> MaxScatterKernel(kind, poolShape spec (shape 0), input 0, input 1, target)
        | Fold stream -> Functional.Kernels.Draw.KeyKernel(input 0, Nullable(input 1), target, stream, product (shape 1))
        | Loop(body, turns) ->
            let body = Body.ofLoop body

            let state =
                [|
                    for i, (start, tensor) in Seq.indexed (Seq.zip body.Starts body.Program.Outputs) ->
                        LoopState(input i, Pack.byteOffset start, int64 tensor.Count * int64 (DType.size tensor.DType))
                |]

            LoopKernel(
                loopBody body,
                turns,
                state,
                Array.init (node.Inputs.Length - state.Length) (fun i -> input (state.Length + i)),
                target
            )
        | Part(word, _, shape) ->
            let packed = input 0

            CopyKernel(
                kind,
                Operand(packed.Slot, packed.ByteOffset + Pack.byteOffset word),
                Array.map int64 (Shape.strides shape),
                target,
                shape
            )
        | Input _
        | Data
        | Unary _
        | Binary _
        | Select
        | Cast _
        | StopGradient
        | Variable
        | Random _ -> defect node

    let private reduction (layout: Layout) (operand: Node -> Operand) (step: Step) (sink: Node) : Kernel =
        match sink.Op, layout.Computed sink.Inputs[0] with
        | Reduce(f, axes), ValueSome source ->
            let row = product (axes |> Array.map (fun axis -> sink.Inputs[0].Shape[axis]))
            let program = TileCode.ofStep layout operand step (ValueSome source)
            TileReduceKernel(program, tileReduction f, row, operand sink)
        | _ -> defect sink

    /// `loopBody` gives the kernels of a loop's body.
    let kernel (loopBody: Body -> KernelSequence) (layout: Layout) (operand: Node -> Operand) (step: Step) : Kernel =
        match step.Head, step.Sink with
        | None, Some sink -> reduction layout operand step sink
        | None, None -> TileKernel(TileCode.ofStep layout operand step ValueNone)
        | Some head, None when step.Pointwise.Length = 0 -> single loopBody layout operand head null
        | Some head, None -> single loopBody layout operand head (TileEpilogue(TileCode.ofStep layout operand step ValueNone))
        | Some head, Some _ -> defect head

    /// The kernels with those of each slice made one.
    let slice (slices: Sliced[]) (kernels: Kernel[]) : Kernel[] =
        let sliced (slice: Sliced) : Kernel =
            SlicedKernel(kernels[slice.First .. slice.Last], slice.Batch)

        let first = slices |> Array.map (fun slice -> slice.First, slice) |> Map.ofArray

        let isLater i =
            slices |> Array.exists (fun slice -> slice.First < i && i <= slice.Last)

        kernels
        |> Array.indexed
        |> Array.filter (fst >> isLater >> not)
        |> Array.map (fun (i, kernel) -> first |> Map.tryFind i |> Option.map sliced |> Option.defaultValue kernel)
