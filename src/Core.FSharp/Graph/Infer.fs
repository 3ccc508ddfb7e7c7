namespace Functional.Core.Graph

open Microsoft.FSharp.Reflection
open Functional.Core

/// The shape and element type of each operation's result: the only place where shape errors arise.
[<RequireQualifiedAccess>]
module Infer =
    /// Each case's name in lower case. Kept, because F# finds the text of a case by reflection, and every node asks for its name.
    let private caseNames<'T when 'T: equality> () =
        dict
            [
                for case in FSharpType.GetUnionCases typeof<'T> do
                    unbox<'T>(FSharpValue.MakeUnion(case, [||])), case.Name.ToLowerInvariant()
            ]

    let private unaryNames = caseNames<UnaryOp>()
    let private binaryNames = caseNames<BinaryOp>()

    /// The name of an operation in messages and printed graphs.
    let name op =
        match op with
        | Input index -> $"input {index}"
        | Data -> "data"
        | Fill _ -> "fill"
        | Iota _ -> "iota"
        | Unary f -> unaryNames[f]
        | Binary f -> binaryNames[f]
        | Select -> "where"
        | Cast _ -> "cast"
        | StopGradient -> "stopGradient"
        | Variable -> "variable"
        | Reshape _ -> "reshape"
        | Permute _ -> "permute"
        | Broadcast _ -> "broadcast"
        | Slice _ -> "slice"
        | Pad _ -> "pad"
        | Concat _ -> "concatenate"
        | Gather -> "gatherRows"
        | Scatter _ -> "scatterRows"
        | Reduce(Sum, _) -> "sum"
        | Reduce(Max, _) -> "max"
        | ArgMax _ -> "argmax"
        | MatMul _ -> "matmul"
        | Conv _ -> "conv2d"
        | ConvInput _ -> "conv2d input gradient"
        | ConvWeight _ -> "conv2d weight gradient"
        | MaxPick _ -> "maxPool2d"
        | MaxScatter _ -> "maxPool2d gradient"
        | Random _ -> "random"
        | Fold _ -> "foldIn"
        | Loop(_, turns) -> $"loop {turns}"
        | Part _ -> "part"

    let private describe (struct (dtype, shape): struct (DType * int[])) =
        $"{DType.name dtype} {Errors.show shape}"

    let private sameType operation (a: struct (DType * int[])) (b: struct (DType * int[])) =
        let struct (x, _), struct (y, _) = a, b

        if x <> y then
            Errors.shape operation $"{describe a} and {describe b}" "one element type" $"cast one of them, as in Tensor.cast {x}"

    let private isType operation wanted (struct (dtype, shape): struct (DType * int[])) what =
        if dtype <> wanted then
            Errors.shape operation $"{DType.name dtype} {Errors.show shape} for {what}" (DType.name wanted) "cast it"

    let private isFloat operation (struct (dtype, shape): struct (DType * int[])) =
        if not (DType.isFloat dtype) then
            Errors.shape operation $"{DType.name dtype} {Errors.show shape}" "float32 or float64" "cast it, as in Tensor.cast Float32"

    let private hasRank operation rank layout (shape: int[]) =
        if shape.Length <> rank then
            Errors.shape operation (Errors.show shape) $"rank {rank}, {layout}" "reshape it"

    let private isTable operation (shape: int[]) =
        if shape.Length = 0 then
            Errors.shape operation (Errors.show shape) "rank 1 or more, a table of rows" "reshape it"

    let private image operation (struct (_, shape): struct (DType * int[])) =
        hasRank operation 4 "[batch; channels; height; width]" shape

    let private outHeight operation (window: Window) size kernel =
        let struct (stride, _), struct (dilation, _), struct (low, high) =
            window.Stride, window.Dilation, window.PadHeight

        Shape.windows operation size kernel stride dilation low high

    let private outWidth operation (window: Window) size kernel =
        let struct (_, stride), struct (_, dilation), struct (low, high) =
            window.Stride, window.Dilation, window.PadWidth

        Shape.windows operation size kernel stride dilation low high

    let private conv operation (spec: ConvSpec) (x: int[]) (w: int[]) =
        if spec.Groups < 1 || x[1] % spec.Groups <> 0 || w[0] % spec.Groups <> 0 then
            Errors.shape
                operation
                $"{x[1]} input and {w[0]} output channels in {spec.Groups} groups"
                "channels that divide by the groups"
                ""

        if w[1] <> x[1] / spec.Groups then
            Errors.shape
                operation
                $"images {Errors.show x} and weights {Errors.show w} in {spec.Groups} groups"
                $"weights [out; {x[1] / spec.Groups}; height; width]"
                "weights are [out; in/groups; height; width]"

        [|
            x[0]
            w[0]
            outHeight operation spec.Window x[2] w[2]
            outWidth operation spec.Window x[3] w[3]
        |]

    let private holdElements operation size kernel (struct (low, high)) stride dilation positions =
        if not (Shape.windowsHoldElements size kernel stride dilation low positions) then
            Errors.shape
                operation
                $"size {size}, padding {low} and {high}, kernel {kernel}, stride {stride}, dilation {dilation}"
                "every window to hold an element"
                "use less padding"

    let private pool operation (spec: PoolSpec) (x: int[]) =
        let struct (height, width) = spec.Kernel
        let window = spec.Window
        let struct (strideHeight, strideWidth) = window.Stride
        let struct (dilationHeight, dilationWidth) = window.Dilation
        let rows = outHeight operation window x[2] height
        let columns = outWidth operation window x[3] width
        holdElements operation x[2] height window.PadHeight strideHeight dilationHeight rows
        holdElements operation x[3] width window.PadWidth strideWidth dilationWidth columns
        [| x[0]; x[1]; rows; columns |]

    let private equalShape operation (a: int[]) (b: int[]) expected =
        if a <> b then
            Errors.shape operation $"{Errors.show a} and {Errors.show b}" expected ""

    let private matmul (ta: bool) (tb: bool) (a: int[]) (b: int[]) =
        if a.Length < 2 || b.Length <> a.Length || a[.. a.Length - 3] <> b[.. b.Length - 3] then
            Errors.shape
                "matmul"
                $"{Errors.show a} by {Errors.show b}"
                "two matrices, or two stacks of matrices with equal leading axes"
                "broadcast or reshape one of them"

        let rank = a.Length

        let m, k =
            if ta then
                a[rank - 1], a[rank - 2]
            else
                a[rank - 2], a[rank - 1]

        let k', n =
            if tb then
                b[rank - 1], b[rank - 2]
            else
                b[rank - 2], b[rank - 1]

        if k <> k' then
            Errors.shape
                "matmul"
                $"{Errors.show a} by {Errors.show b}, inner sizes {k} and {k'}"
                "inner sizes that agree"
                "transpose one of them"

        Array.append a[.. rank - 3] [| m; n |]

    let private reshape (shape: int[]) (target: int[]) =
        if Shape.count shape <> Shape.count target then
            Errors.shape
                "reshape"
                $"{Errors.show shape}, {Shape.count shape} elements, to {Errors.show target}, {Shape.count target} elements"
                "equal numbers of elements"
                ""

    let private slice (shape: int[]) (start: int[]) (length: int[]) (step: int[]) =
        hasRank "slice" shape.Length "one start, length and step for each axis" start

        for axis in 0 .. shape.Length - 1 do
            let last = start[axis] + (length[axis] - 1) * step[axis]

            if
                length[axis] < 0
                || step[axis] = 0
                || (length[axis] > 0
                    && (start[axis] < 0 || start[axis] >= shape[axis] || last < 0 || last >= shape[axis]))
            then
                Errors.shape
                    "slice"
                    $"start {start[axis]}, length {length[axis]}, step {step[axis]} on axis {axis} of {Errors.show shape}"
                    $"indices from 0 to {shape[axis] - 1}"
                    ""

    let private concat axis (inputs: struct (DType * int[])[]) =
        let struct (_, first) = inputs[0]

        for struct (_, shape) in inputs do
            if
                shape.Length <> first.Length
                || Shape.without [| axis |] shape <> Shape.without [| axis |] first
            then
                Errors.shape
                    "concatenate"
                    $"{Errors.show first} and {Errors.show shape} along axis {axis}"
                    "shapes that differ on that axis alone"
                    ""

        first
        |> Array.mapi (fun i size ->
            if i = axis then
                inputs |> Array.sumBy (fun (struct (_, shape)) -> shape[axis])
            else
                size)

    let private resultOf (op: Op) (inputs: struct (DType * int[])[]) : struct (DType * int[]) =
        let dtype i =
            let struct (dtype, _) = inputs[i]
            dtype

        let shape i =
            let struct (_, shape) = inputs[i]
            shape

        let operation = name op

        match op with
        | Input _
        | Data -> Errors.state operation "a leaf" "a node whose type is given" ""
        | Fill(_, dtype, shape) -> struct (dtype, shape)
        | Iota n -> struct (Int32, [| n |])
        | Unary(Neg | Abs | Sign | Relu) -> inputs[0]
        | Unary _ ->
            isFloat operation inputs[0]
            inputs[0]
        | Binary f ->
            sameType operation inputs[0] inputs[1]
            equalShape operation (shape 0) (shape 1) "equal shapes"

            match f with
            | Pow
            | Div
            | Atan2 -> isFloat operation inputs[0]
            | _ -> ()

            inputs[0]
        | Select ->
            sameType operation inputs[1] inputs[2]
            equalShape operation (shape 1) (shape 2) "equal shapes"
            equalShape operation (shape 0) (shape 1) "a condition of the same shape"
            inputs[1]
        | Cast dtype -> struct (dtype, shape 0)
        | StopGradient
        | Variable -> inputs[0]
        | Reshape target ->
            reshape (shape 0) target
            struct (dtype 0, target)
        | Permute order ->
            if Array.sort order <> Array.init (shape 0).Length id then
                Errors.shape operation $"order {Errors.show order} for {Errors.show (shape 0)}" "each axis once" ""

            struct (dtype 0, order |> Array.map (fun axis -> (shape 0)[axis]))
        | Broadcast target ->
            if not (Shape.broadcastsTo target (shape 0)) then
                Errors.shape
                    operation
                    $"{Errors.show (shape 0)} to {Errors.show target}"
                    "sizes that are equal or 1, aligned at the last axis"
                    "reshape it first"

            struct (dtype 0, target)
        | Slice(start, length, step) ->
            slice (shape 0) start length step
            struct (dtype 0, length)
        | Pad(low, high) ->
            hasRank operation (shape 0).Length "one pair of sizes for each axis" low

            if Array.exists (fun n -> n < 0) low || Array.exists (fun n -> n < 0) high then
                Errors.shape operation $"{Errors.show low} and {Errors.show high}" "sizes of 0 or more" "crop with slice"

            struct (dtype 0, Array.map3 (fun l size h -> l + size + h) low (shape 0) high)
        | Concat axis ->
            inputs |> Array.iter (sameType operation inputs[0])
            struct (dtype 0, concat axis inputs)
        | Gather ->
            isType operation Int32 inputs[1] "indices"
            hasRank operation 1 "a list of indices" (shape 1)
            isTable operation (shape 0)
            struct (dtype 0, Array.append (shape 1) (Array.tail (shape 0)))
        | Scatter rows ->
            isType operation Int32 inputs[1] "indices"
            isTable operation (shape 0)
            equalShape operation (shape 1) (Array.truncate 1 (shape 0)) "an index for each row"
            struct (dtype 0, Array.append [| rows |] (Array.tail (shape 0)))
        | Reduce(f, axes) ->
            match f with
            | Max when axes |> Array.exists (fun axis -> (shape 0)[axis] = 0) ->
                Errors.shape operation $"{Errors.show (shape 0)} over axes {Errors.show axes}" "at least one element" ""
            | Max
            | Sum -> ()

            struct (dtype 0, Shape.without axes (shape 0))
        | ArgMax axis ->
            if (shape 0)[axis] = 0 then
                Errors.shape operation $"{Errors.show (shape 0)} along axis {axis}" "at least one element" ""

            struct (Int32, Shape.without [| axis |] (shape 0))
        | MatMul(ta, tb) ->
            sameType operation inputs[0] inputs[1]
            isFloat operation inputs[0]
            struct (dtype 0, matmul ta tb (shape 0) (shape 1))
        | Conv spec ->
            sameType operation inputs[0] inputs[1]
            isFloat operation inputs[0]
            image operation inputs[0]
            hasRank operation 4 "weights [out; in/groups; height; width]" (shape 1)
            struct (dtype 0, conv operation spec (shape 0) (shape 1))
        | ConvInput(spec, height, width) ->
            sameType operation inputs[0] inputs[1]
            let w, g = shape 0, shape 1
            let x = [| g[0]; w[1] * spec.Groups; height; width |]
            equalShape operation (conv operation spec x w) g "the convolution's output"
            struct (dtype 0, x)
        | ConvWeight(spec, height, width) ->
            sameType operation inputs[0] inputs[1]
            let x, g = shape 0, shape 1
            let w = [| g[1]; x[1] / spec.Groups; height; width |]
            equalShape operation (conv operation spec x w) g "the convolution's output"
            struct (dtype 0, w)
        | MaxPick spec ->
            sameType operation inputs[0] inputs[1]
            image operation inputs[0]
            equalShape operation (shape 0) (shape 1) "equal shapes"
            struct (dtype 0, pool operation spec (shape 0))
        | MaxScatter spec ->
            sameType operation inputs[0] inputs[1]
            image operation inputs[0]
            equalShape operation (pool operation spec (shape 0)) (shape 1) "the pool's output"
            inputs[0]
        | Random(_, dtype, shape') ->
            isType operation Int32 inputs[0] "the key"
            equalShape operation (shape 0) [| 2 |] "a key of two words"
            struct (dtype, shape')
        | Fold _ ->
            isType operation Int32 inputs[0] "the key"
            isType operation Int32 inputs[1] "the data"
            equalShape operation (shape 0) [| 2 |] "a key of two words"
            struct (Int32, Array.append (shape 1) [| 2 |])
        | Loop(body, _) ->
            if inputs <> body.Inputs then
                let types = Array.map describe >> String.concat ", "
                Errors.shape operation (types inputs) (types body.Inputs) ""

            struct (Int32, [| body.Words |])
        | Part(word, dtype, target) ->
            isType operation Int32 inputs[0] "packed tensors"
            hasRank operation 1 "words" (shape 0)

            if word < 0 || word + Pack.words dtype target > (shape 0)[0] then
                Errors.shape operation $"{DType.name dtype} {Errors.show target} from word {word} on" $"words of {Errors.show (shape 0)}" ""

            struct (dtype, target)

    /// The result's element type and shape.
    let result (op: Op) (inputs: struct (DType * int[])[]) : struct (DType * int[]) =
        let struct (dtype, shape) = resultOf op inputs
        Shape.count shape |> ignore
        struct (dtype, shape)
