namespace Functional.Core.Engines

open System
open System.Collections.Generic
open Functional.Core
open Functional.Core.Graph
open Functional.Core.Compile

/// The definition of every operation: a naive interpreter in float64, one element at a time. Slow and obvious.
[<RequireQualifiedAccess>]
module Reference =
    let private unravel (shape: int[]) (linear: int) =
        let index = Array.zeroCreate shape.Length
        let mutable rest = linear

        for axis in shape.Length - 1 .. -1 .. 0 do
            index[axis] <- rest % shape[axis]
            rest <- rest / shape[axis]

        index

    let private ravel (shape: int[]) (index: int[]) =
        Array.fold2 (fun linear size i -> linear * size + i) 0 shape index

    /// Each element of the result by its index.
    let private tabulate shape (f: int[] -> float) =
        Array.init (Shape.count shape) (fun i -> f (unravel shape i))

    /// Reads x at `index`.
    let private at (shape: int[]) (x: float[]) index = x[ravel shape index]

    /// The places (row, column) of a window's elements inside an image, with the window's own coordinates; padding is skipped.
    let private places (window: Window) (struct (kh, kw)) (height: int) (width: int) oh ow =
        let struct (sh, sw), struct (dh, dw), struct (top, _), struct (left, _) =
            window.Stride, window.Dilation, window.PadHeight, window.PadWidth

        [|
            for i in 0 .. kh - 1 do
                for j in 0 .. kw - 1 do
                    let y, x = oh * sh - top + i * dh, ow * sw - left + j * dw

                    if y >= 0 && y < height && x >= 0 && x < width then
                        struct (i, j, y, x)
        |]

    /// Calls `visit x w y` with the linear indices of each product x·w that adds to y.
    let private convolve (spec: ConvSpec) (x: int[]) (w: int[]) (y: int[]) (visit: int -> int -> int -> unit) =
        for n in 0 .. y[0] - 1 do
            for o in 0 .. y[1] - 1 do
                let group = o / (w[0] / spec.Groups)

                for oh in 0 .. y[2] - 1 do
                    for ow in 0 .. y[3] - 1 do
                        for struct (i, j, row, column) in places spec.Window (struct (w[2], w[3])) x[2] x[3] oh ow do
                            for c in 0 .. w[1] - 1 do
                                visit
                                    (ravel x [| n; group * w[1] + c; row; column |])
                                    (ravel w [| o; c; i; j |])
                                    (ravel y [| n; o; oh; ow |])

    /// Whether x takes the place of the best before it: it is larger, or the first that is not a number.
    let private beats (best: float) (x: float) =
        x > best || (Double.IsNaN x && not (Double.IsNaN best))

    /// The linear index of the first maximum of x in each window of a pool.
    let private winners (spec: PoolSpec) (shape: int[]) (pooled: int[]) (x: float[]) =
        Array.init (Shape.count pooled) (fun linear ->
            let out = unravel pooled linear

            places spec.Window spec.Kernel shape[2] shape[3] out[2] out[3]
            |> Array.map (fun (struct (_, _, row, column)) -> ravel shape [| out[0]; out[1]; row; column |])
            |> Array.reduce (fun best i -> if beats x[best] x[i] then i else best))

    let private draw kind dtype (shape: int[]) (key: float[]) =
        let key = struct (uint32 (int64 key[0]), uint32 (int64 key[1]))

        Array.init (Shape.count shape) (fun i ->
            match kind, dtype with
            | Bits, _ -> float (int32 (Threefry.word key i))
            | Uniform, Float64 -> Threefry.uniform64 key i
            | Uniform, _ -> float (Threefry.uniform key i)
            | Normal, Float64 -> Threefry.normal64 key i
            | Normal, _ -> Threefry.normal key i)

    let private fold (stream: int) (key: float[]) (data: float[]) =
        let key = struct (uint32 (int64 key[0]), uint32 (int64 key[1]))

        data
        |> Array.collect (fun word ->
            let struct (low, high) = Threefry.block key (uint32 (int64 word)) (uint32 stream)
            [| float (int32 low); float (int32 high) |])

    let private row operation (rows: int) (index: float) =
        if index < 0.0 || index >= float rows then
            Errors.index operation $"index {index}" $"0 to {rows - 1}"
        else
            int index

    /// A state in its memory's words.
    let private pack (body: Body) (state: float[][]) : float[] =
        let packed = Storage(Int32, body.Words)

        for start, output, values in Array.zip3 body.Starts body.Program.Outputs state do
            (Storage.ofValues output.DType values).Bytes.CopyTo(packed.Bytes.Slice(int (Pack.byteOffset start)))

        Storage.toFloat64 packed

    let private unpack (word: int) dtype (shape: int[]) (packed: float[]) : float[] =
        let part = Storage(dtype, Shape.count shape)
        (Storage.ofValues Int32 packed).Bytes.Slice(int (Pack.byteOffset word), part.ByteLength).CopyTo(part.Bytes)
        Storage.toFloat64 part

    /// The elements of a node from those of its inputs.
    let rec apply (node: Node) (inputs: float[][]) : float[] =
        let shape i = node.Inputs[i].Shape

        match node.Op with
        | Input _
        | Data -> Errors.state (Infer.name node.Op) "a leaf" "an operation" ""
        | Fill(value, _, shape) -> Array.create (Shape.count shape) value.Value
        | Iota n -> Array.init n float
        | Unary f -> inputs[0] |> Array.map (Scalar.unary f >> Scalar.hold node.DType)
        | Binary f -> Array.map2 (Scalar.combine node.DType f) inputs[0] inputs[1]
        | Select -> Array.map3 (fun condition a b -> if condition <> 0.0 then a else b) inputs[0] inputs[1] inputs[2]
        | Cast Int32 -> inputs[0] |> Array.map (Storage.truncate >> float)
        | Cast Float32 -> inputs[0] |> Array.map (float32 >> float)
        | Cast Float64
        | StopGradient
        | Variable
        | Reshape _ -> inputs[0]
        | Permute order ->
            tabulate node.Shape (fun index ->
                let source = Array.zeroCreate index.Length
                order |> Array.iteri (fun i axis -> source[axis] <- index[i])
                at (shape 0) inputs[0] source)
        | Broadcast target ->
            tabulate target (fun index ->
                index[target.Length - (shape 0).Length ..]
                |> Array.map2 (fun size i -> if size = 1 then 0 else i) (shape 0)
                |> at (shape 0) inputs[0])
        | Slice(start, _, step) ->
            tabulate node.Shape (fun index -> Array.map3 (fun s i k -> s + i * k) start index step |> at (shape 0) inputs[0])
        | Pad(low, _) ->
            tabulate node.Shape (fun index ->
                let source = Array.map2 (-) index low

                if Array.forall2 (fun i size -> i >= 0 && i < size) source (shape 0) then
                    at (shape 0) inputs[0] source
                else
                    0.0)
        | Concat axis ->
            tabulate node.Shape (fun index ->
                let mutable part, place = 0, index[axis]

                while place >= (shape part)[axis] do
                    place <- place - (shape part)[axis]
                    part <- part + 1

                at (shape part) inputs[part] (Array.updateAt axis place index))
        | Gather ->
            tabulate node.Shape (fun index ->
                let from = row "gatherRows" (Array.head (shape 0)) (inputs[1][index[0]])
                at (shape 0) inputs[0] (Array.updateAt 0 from index))
        | Scatter rows ->
            let result = Array.zeroCreate (Shape.count node.Shape)

            inputs[0]
            |> Array.iteri (fun i value ->
                let index = unravel (shape 0) i
                let into = row "scatterRows" rows (inputs[1][index[0]])
                let target = ravel node.Shape (Array.updateAt 0 into index)
                result[target] <- result[target] + value)

            result
        | Reduce(f, axes) ->
            let start, combine =
                match f with
                | Sum -> 0.0, (+)
                | Max -> Double.NegativeInfinity, (fun (a: float) b -> Math.Max(a, b))

            let result = Array.create (Shape.count node.Shape) start

            inputs[0]
            |> Array.iteri (fun i value ->
                let index = unravel (shape 0) i
                let target = ravel node.Shape (Shape.without axes index)
                result[target] <- combine result[target] value)

            result |> Array.map (Scalar.hold node.DType)
        | ArgMax axis ->
            tabulate node.Shape (fun index ->
                let value i =
                    at (shape 0) inputs[0] (Array.insertAt axis i index)

                seq { 1 .. (shape 0)[axis] - 1 }
                |> Seq.fold (fun best i -> if beats (value best) (value i) then i else best) 0
                |> float)
        | MatMul(ta, tb) ->
            let rank = node.Shape.Length
            let inner = if ta then (shape 0)[rank - 2] else (shape 0)[rank - 1]

            tabulate node.Shape (fun index ->
                let batch, m, n = index[.. rank - 3], index[rank - 2], index[rank - 1]

                Seq.sum (
                    seq {
                        for k in 0 .. inner - 1 do
                            at (shape 0) inputs[0] (Array.append batch (if ta then [| k; m |] else [| m; k |]))
                            * at (shape 1) inputs[1] (Array.append batch (if tb then [| n; k |] else [| k; n |]))
                    }
                ))
        | Conv spec ->
            let y = Array.zeroCreate (Shape.count node.Shape)
            convolve spec (shape 0) (shape 1) node.Shape (fun i j o -> y[o] <- y[o] + inputs[0][i] * inputs[1][j])
            y
        | ConvInput(spec, _, _) ->
            let x = Array.zeroCreate (Shape.count node.Shape)
            convolve spec node.Shape (shape 0) (shape 1) (fun i j o -> x[i] <- x[i] + inputs[0][j] * inputs[1][o])
            x
        | ConvWeight(spec, _, _) ->
            let w = Array.zeroCreate (Shape.count node.Shape)
            convolve spec (shape 0) node.Shape (shape 1) (fun i j o -> w[j] <- w[j] + inputs[0][i] * inputs[1][o])
            w
        | MaxPick spec -> winners spec (shape 0) node.Shape inputs[0] |> Array.map (fun i -> inputs[1][i])
        | MaxScatter spec ->
            let x = Array.zeroCreate (Shape.count node.Shape)

            winners spec (shape 0) (shape 1) inputs[0]
            |> Array.iteri (fun o i -> x[i] <- x[i] + inputs[1][o])

            x
        | Random(kind, dtype, shape) -> draw kind dtype shape inputs[0]
        | Fold stream -> fold stream inputs[0] inputs[1]
        | Loop(body, turns) ->
            let body = Body.ofLoop body
            let state, fixedInputs = Array.splitAt body.Program.Outputs.Length inputs

            (state, seq { 0 .. turns - 1 })
            ||> Seq.fold (fun state turn -> run body.Program (Array.concat [ [| [| float turn |] |]; state; fixedInputs ]))
            |> pack body
        | Part(word, dtype, shape) -> unpack word dtype shape inputs[0]

    /// The outputs of a program in float64, given its inputs.
    and run (program: Program) (inputs: float[][]) : float[][] =
        let values = Dictionary<Node, float[]>(HashIdentity.Reference)
        Array.iter2 (fun (node: Node) value -> values[node] <- value) program.Inputs inputs

        for node in Walk.topological (fun _ -> true) program.Outputs do
            if not (values.ContainsKey node) then
                values[node] <- apply node (node.Inputs |> Array.map (fun input -> values[input]))

        program.Outputs |> Array.map (fun output -> values[output])

    let engine =
        { new Engine with
            member _.Name = "reference"

            member _.Prepare program =
                { new Executable with
                    member _.PeakBytes = 0L
                    member _.Describe() = Print.graph program.Outputs

                    member _.Run(inputs, outputs) =
                        let results = run program (Array.map Storage.toFloat64 inputs)

                        Array.iter2
                            (fun (output: Storage) values -> (Storage.ofValues output.DType values).Bytes.CopyTo(output.Bytes))
                            outputs
                            results
                }
        }
