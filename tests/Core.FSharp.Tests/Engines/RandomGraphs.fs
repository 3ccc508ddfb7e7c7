namespace Functional.Core.Tests

open System
open Functional.Core

/// Small random programs over the operations, for comparing engines. A seed gives the same program on every run.
[<RequireQualifiedAccess>]
module RandomGraphs =
    type private Dice = Random

    let private pick (dice: Dice) (choices: 'a list) = choices[dice.Next choices.Length]

    let private shape (dice: Dice) =
        List.init (dice.Next(0, 4)) (fun _ -> pick dice [ 1; 2; 3; 4; 5; 7; 16; 33 ])

    let private axis (dice: Dice) (x: Tensor) = dice.Next x.Rank

    let private smooth: (Tensor -> Tensor) list =
        [
            Tensor.tanh
            Tensor.sigmoid
            Tensor.sin
            Tensor.cos
            Tensor.atan
            Tensor.softplus
            Tensor.erf
            Tensor.neg
            Tensor.abs
            (fun x -> Tensor.exp (Tensor.clamp -3.0 1.0 x))
            (fun x -> Tensor.expm1 (Tensor.tanh x))
            (fun x -> Tensor.log (Tensor.abs x + 0.5))
            (fun x -> Tensor.log1p (Tensor.square (Tensor.tanh x)))
            (fun x -> Tensor.sqrt (Tensor.square x + 0.25))
            (fun x -> Tensor.rsqrt (Tensor.square x + 0.25))
            (fun x -> Tensor.reciprocal (Tensor.softplus x + 0.5))
            (fun x -> Tensor.pow (Tensor.sigmoid x + 0.5) 1.7)
            (fun x -> Tensor.tanh (x * 1.25 - 0.3))
            (fun x -> Tensor.where (Tensor.gt x (Tensor.fullLike x 0.12345)) (x * 0.5) (Tensor.sin x))
        ]

    let private paired: (Tensor -> Tensor -> Tensor) list =
        [
            (+)
            (-)
            (fun a b -> a * Tensor.tanh b)
            (fun a b -> a / (Tensor.softplus b + 0.5))
            Tensor.maximum
            Tensor.minimum
            (fun a b -> Tensor.atan2 a (Tensor.softplus b + 0.5))
            (fun a b -> Tensor.where (Tensor.lt (Tensor.sin a) (Tensor.cos b)) a b)
        ]

    let private moved (dice: Dice) (x: Tensor) =
        match dice.Next 10 with
        | 0 -> Tensor.flatten x
        | 1 -> Tensor.unsqueeze (dice.Next(x.Rank + 1)) x
        | 2 when x.Rank >= 2 -> Tensor.transpose x
        | 3 ->
            let order = Array.init x.Rank id
            dice.Shuffle order
            Tensor.permute order x
        | 4 when x.Rank > 0 ->
            let axis = axis dice x
            let start = dice.Next x.Shape[axis]
            Tensor.slice axis start (1 + dice.Next(x.Shape[axis] - start)) x
        | 5 when x.Rank > 0 -> Tensor.flip (axis dice x) x
        | 6 -> Tensor.pad [ for _ in 1 .. x.Rank -> dice.Next 3, dice.Next 2 ] x
        | 7 when x.Rank > 0 -> Tensor.concatenate (axis dice x) [ x; Tensor.neg x; x ]
        | 8 when x.Rank < 3 -> Tensor.broadcast (Array.append [| 2 |] x.Shape) x
        | 9 when x.Rank > 0 ->
            let rows = Array.init 4 (fun _ -> dice.Next x.Shape[0])
            Tensor.gatherRows (Tensor.ofInt32s [ 4 ] rows) x
        | _ -> Tensor.reshape [ x.Count; 1 ] x

    let private reduced (dice: Dice) (x: Tensor) =
        if x.Rank = 0 then
            Tensor.sin x
        else
            let axis = axis dice x

            pick
                dice
                [
                    Tensor.meanOver [ axis ]
                    (fun x -> Tensor.sumOver [ axis ] x * (1.0 / float x.Shape[axis]))
                    Tensor.maxOver [ axis ]
                    Tensor.minOver [ axis ]
                    Tensor.varianceOver [ axis ]
                    Tensor.logSumExpOver [ axis ]
                    Tensor.softmax axis
                    Tensor.mean
                    (fun x -> x - Tensor.unsqueeze axis (Tensor.meanOver [ axis ] x))
                ]
                x

    let private product (dice: Dice) (a: Tensor) (b: Tensor) =
        let a =
            Tensor.reshape [ a.Count / (max 1 (Seq.last (Seq.append [ 1 ] a.Shape))); -1 ] a

        let inner = a.Shape[1]
        let wide = Tensor.broadcast [ inner; b.Count ] (Tensor.flatten b)
        let rising = Tensor.cast a.DType (Tensor.arange inner) |> Tensor.unsqueeze 1
        let b = Tensor.sin (wide + rising)

        match dice.Next 3 with
        | 0 -> Tensor.matmul a b * (1.0 / float inner)
        | 1 -> Tensor.tanh (Tensor.matmul a b + Tensor.at 0 0 b)
        | _ -> Tensor.matmul (Tensor.transpose b) (Tensor.transpose a) * (1.0 / float inner)

    let private image (dice: Dice) (x: Tensor) =
        let height = 4 + dice.Next 3

        let images =
            Tensor.sin (Tensor.broadcast [ 1; 2; height; 5; x.Count ] (Tensor.flatten x))
            |> Tensor.slice 4 0 1

        let places =
            Tensor.reshape [ 1; 2; height; 5 ] (Tensor.cast x.DType (Tensor.arange (10 * height)))

        let images = Tensor.sin (Tensor.squeeze 4 images + places)

        let options =
            ConvOptions.defaults
            |> ConvOptions.padded (dice.Next 2)
            |> ConvOptions.strided (1 + dice.Next 2)

        match dice.Next 3 with
        | 0 -> Tensor.conv2d options (Tensor.slice 0 0 1 images |> Tensor.slice 2 0 3 |> Tensor.slice 3 1 2) images
        | 1 -> Tensor.maxPool2d (2, 3) options images
        | _ -> Tensor.avgPool2d (3, 2) options images

    /// Keeps graphs small and numbers near 1, whatever was drawn before.
    let private tamed (x: Tensor) =
        let x =
            if x.Count > 4_000 then
                x |> Tensor.flatten |> Tensor.slice 0 0 2_000
            else
                x

        if x.Rank > 4 then
            Tensor.reshape [ x.Shape[0]; -1 ] x
        else
            x

    let private fits (a: Tensor) (b: Tensor) =
        try
            Shape.count (Shape.broadcast "" a.Shape b.Shape) <= 4_000
        with :? ShapeException ->
            false

    let private step (dice: Dice) (known: Tensor list) =
        let x = pick dice known

        match dice.Next 16 with
        | 0
        | 1
        | 2
        | 3
        | 4 -> (pick dice smooth) x
        | 5
        | 6
        | 7
        | 8 -> (pick dice paired) x (pick dice (known |> List.filter (fits x)))
        | 9
        | 10 -> moved dice x
        | 11
        | 12 -> reduced dice x
        | 13 ->
            if x.Count * 20 <= 4_000 then
                product
                    dice
                    x
                    (pick
                        dice
                        [
                            for y in known do
                                if y.Count <= 40 then
                                    y
                        ])
            else
                x
        | 14 -> if x.Count <= 100 then image dice x else x
        | _ -> x + 0.1 * Sample.normal (Key.ofSeed (int64 (dice.Next()))) x.DType x.Shape

    /// The types of the program's arguments, and the function to trace: a few tensors computed from them in `steps` steps.
    let make (seed: int) (dtype: DType) : (DType * int[]) list * (Tensor list -> Tensor list) =
        let dice = Dice seed
        // Small ones first, so that there is always a partner that fits.
        let types =
            [
                for shape in [ []; [ 3 ]; shape dice; shape dice ] -> dtype, List.toArray shape
            ]

        let steps = 5 + dice.Next 25

        let build (arguments: Tensor list) =
            let dice = Dice(seed + 1_000_003)

            let known =
                List.fold (fun known _ -> tamed (step dice known) :: known) arguments [ 1..steps ]

            List.truncate 3 known @ [ pick dice known ]

        types, build

    /// Arguments for the program of the same seed, that float32 holds exactly.
    let arguments (seed: int) (types: (DType * int[]) list) : Storage list =
        let dice = Dice(seed + 2_000_003)

        [
            for dtype, shape in types do
                Storage.ofValues dtype (Array.init (Shape.count shape) (fun _ -> float (float32 (4.0 * dice.NextDouble() - 2.0))))
        ]
