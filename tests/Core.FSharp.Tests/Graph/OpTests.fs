namespace Functional.Core.Tests

open Functional.Core
open Functional.Core.Compile
open Functional.Core.Engines
open Functional.Core.Graph
open Xunit

/// What the table of operations says, tried out: values and derivatives on each engine, and derivatives against finite differences.
type OpTests() =
    static let label (case: OpCase) dtype (shapes: int list list) =
        $"{case.Name} in {DType.name dtype} on {shapes}"

    static let sizes shapes = shapes |> List.sumBy (List.fold (*) 1)

    /// Trials small enough for finite differences.
    static let small (case: OpCase) =
        case.Shapes |> List.filter (fun shapes -> sizes shapes <= 400)

    static let resultType case dtype shapes =
        let traced =
            TestEngines.trace (OpCase.types case dtype shapes) (fun x -> [ case.Run dtype x ])

        traced.Program.Outputs[0].DType, traced.Program.Outputs[0].Shape

    /// Numbers in ±[½, 1½], different for each `salt`, to weigh results with; float32 holds them exactly.
    static let weights salt (dtype, shape: int[]) =
        Array.init (Shape.count shape) (fun i ->
            let size = 0.5 + (0.7548776662 * float (i + salt) % 1.0)
            float (float32 (if (i + salt) % 3 = 0 then -size else size)))
        |> Storage.ofValues dtype

    static let weightsFor salt types =
        types |> List.mapi (fun i kind -> weights (salt + 17 * i) kind)

    static let values dtype case shapes =
        TestEngines.trace (OpCase.types case dtype shapes) (fun x -> [ case.Run dtype x ])

    /// operands, cotangent → cotangents of the operands
    static let pullback dtype case shapes =
        let types = OpCase.types case dtype shapes

        TestEngines.trace (types @ [ resultType case dtype shapes ]) (fun all ->
            let x, cotangent = List.take types.Length all, List.last all
            snd (vjp (case.Run dtype) x) cotangent)

    /// operands, tangents → tangent of the result
    static let pushforward dtype case shapes =
        let types = OpCase.types case dtype shapes

        TestEngines.trace (types @ types) (fun all ->
            let x, tangents = List.splitAt types.Length all
            [ snd (jvp (case.Run dtype) x tangents) ])

    /// operands → gradient of Σ y + y², which bends even where the operation is linear
    static let bentLoss dtype case (x: Tensor list) =
        let y = case.Run dtype x
        Tensor.sum (y + 0.5 * y * y)

    static let bentGradient dtype case shapes =
        TestEngines.trace (OpCase.types case dtype shapes) (grad (bentLoss dtype case))

    /// operands, tangents → Hessian of the same, times the tangents
    static let bentHessian dtype case shapes =
        let types = OpCase.types case dtype shapes

        TestEngines.trace (types @ types) (fun all ->
            let x, tangents = List.splitAt types.Length all
            hvp (bentLoss dtype case) x tangents)

    static let reference traced arguments =
        TestEngines.run Reference.engine traced arguments |> List.map Storage.toFloat64

    static let agree name traced tolerance what arguments =
        let found =
            TestEngines.run (TestEngines.find name) traced arguments
            |> List.map Storage.toFloat64

        List.iter2 (Close.check what tolerance) (reference traced arguments) found

    static let dot (a: float[] list) (b: float[] list) =
        List.map2 (Array.map2 (*)) a b |> List.sumBy Array.sum

    /// Central difference of `f` along `direction`; float operands move, indices and keys stay.
    static let difference (f: Storage list -> float[] list) (x: Storage list) (direction: float[] list) =
        let step = 2e-6

        let moved sign =
            List.map2
                (fun (operand: Storage) along ->
                    if operand.DType = Int32 then
                        operand
                    else
                        Storage.ofFloat64 (Array.map2 (fun value d -> value + sign * step * d) (Storage.toFloat64 operand) along))
                x
                direction

        List.map2 (Array.map2 (fun up down -> (up - down) / (2.0 * step))) (f (moved 1.0)) (f (moved -1.0))

    static member Rows = OpTable.rows (fun _ -> true)
    static member SmoothRows = OpTable.rows _.IsSmooth
    static member OnEngines = OpTable.onEngines

    [<Theory; MemberData("OnEngines")>]
    member _.``values agree with the reference``(engine: string, name: string) =
        let case = OpTable.find name

        for dtype in OpCase.dtypes case do
            for shapes in case.Shapes do
                let tolerance = if dtype = Float32 then case.Tolerance else 1e-12
                agree engine (values dtype case shapes) tolerance (label case dtype shapes) (OpCase.operands case dtype shapes)

    [<Theory; MemberData("OnEngines")>]
    member _.``derivatives agree with the reference``(engine: string, name: string) =
        let case = OpTable.find name

        for dtype, tolerance in [ Float64, 1e-11; Float32, 10.0 * case.Tolerance ] do
            for shapes in case.Shapes do
                let cotangent = weights 1 (resultType case dtype shapes)
                let arguments = OpCase.operands case dtype shapes @ [ cotangent ]
                agree engine (pullback dtype case shapes) tolerance (label case dtype shapes) arguments

    [<Theory; MemberData("SmoothRows")>]
    member _.``gradient is what finite differences show``(name: string) =
        let case = OpTable.find name

        for shapes in small case do
            let x = OpCase.operands case Float64 shapes
            let cotangent = weights 1 (resultType case Float64 shapes)
            let gradient = reference (pullback Float64 case shapes) (x @ [ cotangent ])
            let run = values Float64 case shapes

            let loss x =
                [ [| dot (reference run x) [ Storage.toFloat64 cotangent ] |] ]

            // Each element alone where they are few, else some of them.
            let operands = List.zip x gradient |> List.indexed

            for k, (operand, gradient) in operands do
                if operand.DType <> Int32 then
                    for i in 0 .. max 1 (operand.Count / 12) .. operand.Count - 1 do
                        let along =
                            x
                            |> List.mapi (fun j operand -> Array.init operand.Count (fun l -> if j = k && l = i then 1.0 else 0.0))

                        let expected = (difference loss x along).Head
                        Close.check $"{label case Float64 shapes}, operand {k}, element {i}" 1e-6 expected [| gradient[i] |]

    [<Theory; MemberData("Rows")>]
    member _.``forward and reverse mode are duals``(name: string) =
        let case = OpTable.find name

        for shapes in small case do
            let types = OpCase.types case Float64 shapes
            let x = OpCase.operands case Float64 shapes
            let tangents = weightsFor 5 types
            let cotangent = weights 1 (resultType case Float64 shapes)
            let forward = reference (pushforward Float64 case shapes) (x @ tangents)
            let backward = reference (pullback Float64 case shapes) (x @ [ cotangent ])
            let left = dot forward [ Storage.toFloat64 cotangent ]

            let right =
                List.zip3 types tangents backward
                |> List.sumBy (fun ((dtype, _), t, g) ->
                    if dtype = Int32 then
                        0.0
                    else
                        dot [ Storage.toFloat64 t ] [ g ])

            Close.check (label case Float64 shapes) 1e-10 [| left |] [| right |]

    [<Theory; MemberData("SmoothRows")>]
    member _.``second derivatives are what finite differences of gradients show``(name: string) =
        let case = OpTable.find name

        for shapes in small case do
            let x = OpCase.operands case Float64 shapes
            let tangents = weightsFor 3 (OpCase.types case Float64 shapes)

            if DType.isFloat (fst (resultType case Float64 shapes)) then
                let gradient = reference (bentGradient Float64 case shapes)
                let expected = difference gradient x (tangents |> List.map Storage.toFloat64)
                let found = reference (bentHessian Float64 case shapes) (x @ tangents)

                for (operand: Storage), expected, found in List.zip3 x expected found do
                    if operand.DType <> Int32 then
                        Close.check (label case Float64 shapes) 2e-6 expected found
