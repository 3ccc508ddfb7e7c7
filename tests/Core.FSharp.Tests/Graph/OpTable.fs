namespace Functional.Core.Tests

open Functional.Core
open Functional.Core.Graph
open Functional.Core.Tests.OpRow

/// Every operation that users can call, with operands to try it on. Values on each engine, gradients, duality and second derivatives
/// are tested from this table alone, so a new operation needs one row here and nothing else.
[<RequireQualifiedAccess>]
module OpTable =
    let private movement =
        let cubes = [ [ 2; 3; 4 ]; [ 1; 5; 1 ]; [ 3; 0; 2 ]; [ 5; 7; 9 ] ]
        let matrices = [ [ 4; 6 ]; [ 1; 5 ]; [ 3; 0 ]; [ 33; 65 ] ]
        let move name shapes f = one name any shapes f |> integers

        [
            move "reshape" cubes (fun x -> Tensor.reshape [ 1; x.Count; 1 ] x)
            move "reshape: size worked out" [ [ 2; 6 ]; [ 6; 9 ] ] (Tensor.reshape [ 3; -1 ])
            move "flatten" ([] :: cubes) Tensor.flatten
            move "permute" cubes (Tensor.permute [ 2; 0; 1 ])
            move "permute: five axes" [ [ 2; 3; 1; 4; 2 ] ] (Tensor.permute [ 3; -1; 0; 2; 1 ])
            move "transpose" (matrices @ cubes) Tensor.transpose
            move "unsqueeze" ([] :: matrices) (Tensor.unsqueeze -1)
            move "squeeze" [ [ 3; 1; 2 ]; [ 0; 1 ]; [ 1; 1 ] ] (Tensor.squeeze 1)
            move "broadcast" [ [ 1; 3; 1 ]; []; [ 3; 1 ]; [ 2; 1; 5 ] ] (Tensor.broadcast [ 4; 2; 3; 5 ])
            move "broadcast: to nothing" [ [ 1; 3 ] ] (Tensor.broadcast [ 0; 3 ])
            move "slice" matrices (Tensor.slice 0 1 0 >> Tensor.slice 1 0 0) |> flat
            move "slice: middle" [ [ 5; 3 ]; [ 4; 1 ]; [ 4; 0 ]; [ 9; 33 ] ] (Tensor.slice 0 1 3)
            move "sliceStep" [ [ 2; 7 ]; [ 3; 9 ] ] (Tensor.sliceStep 1 1 3 2)
            move "sliceStep: backwards" [ [ 2; 7 ]; [ 3; 9 ] ] (Tensor.sliceStep -1 6 3 -3)
            move "at" [ [ 4; 3 ]; [ 3; 2; 5 ]; [ 3 ] ] (Tensor.at 0 2)
            move "flip" (matrices @ cubes) (Tensor.flip 1)
            move "pad" matrices (Tensor.pad [ 1, 2; 0, 3 ])
            move "pad: nothing there" [ [ 0; 0 ] ] (Tensor.pad [ 1, 0; 2, 1 ])
            two "concatenate" [ any; any ] [ [ [ 2; 3 ]; [ 2; 1 ] ]; [ [ 2; 0 ]; [ 2; 5 ] ]; [ [ 33; 7 ]; [ 33; 30 ] ] ] (fun a b ->
                Tensor.concatenate 1 [ a; b; a ])
            |> integers
            two "concatenate: rows" [ any; any ] [ [ [ 2; 3; 2 ]; [ 1; 3; 2 ] ]; [ [ 0 ]; [ 3 ] ] ] (fun a b ->
                Tensor.concatenate 0 [ a; b ])
            |> integers
            two "stack" [ any; any ] [ [ [ 2; 3 ]; [ 2; 3 ] ]; [ []; [] ]; [ [ 0 ]; [ 0 ] ] ] (fun a b -> Tensor.stack -1 [ a; b; a ])
            |> integers
            two
                "gatherRows"
                [ any; Index 4 ]
                [
                    [ [ 4; 3 ]; [ 6 ] ]
                    [ [ 4 ]; [ 2 ] ]
                    [ [ 4; 2; 3 ]; [ 1 ] ]
                    [ [ 4; 3 ]; [ 0 ] ]
                ]
                (fun t i -> Tensor.gatherRows i t)
            |> integers
            two
                "scatterRows"
                [ any; Index 4 ]
                [
                    [ [ 6; 3 ]; [ 6 ] ]
                    [ [ 9 ]; [ 9 ] ]
                    [ [ 5; 2; 3 ]; [ 5 ] ]
                    [ [ 0; 3 ]; [ 0 ] ]
                ]
                (fun x i -> Tensor.scatterRows 4 i x)
            |> integers
            row "oneHot" [ Index 5 ] [ [ [ 7 ] ]; [ [ 2; 3 ] ]; [ [] ]; [ [ 0 ] ] ] (fun dtype x -> Tensor.oneHot dtype 5 x[0])
            |> integers
        ]

    let private constants =
        [
            constant "eye" (fun dtype -> Tensor.eye dtype 4) |> integers
            constant "arange" (fun _ -> Tensor.arange 37)
            constant "linspace" (fun _ -> Tensor.linspace -1.0 2.0 7)
            constant "linspace: one" (fun _ -> Tensor.linspace -1.0 2.0 1)
            constant "full" (fun dtype -> Tensor.full dtype [ 3; 5 ] 7.0) |> integers
            constant "zeros" (fun dtype -> Tensor.zeros dtype [ 3; 0 ]) |> integers
            constant "ones" (fun dtype -> Tensor.ones dtype []) |> integers
            constant "scalar" (fun _ -> Tensor.scalar 0.1)
            one "fullLike" any [ [ 2; 3 ] ] (fun x -> Tensor.fullLike x 3.0) |> integers
            one "zerosLike" any [ [ 2; 3 ] ] Tensor.zerosLike |> integers
            one "onesLike" any [ [ 2; 3 ] ] Tensor.onesLike |> integers
        ]

    let private reductions =
        let shapes = [ [ 3; 4; 5 ]; [ 1; 1; 1 ]; [ 2; 1; 7 ]; [ 9; 33; 17 ] ]
        let orEmpty = [ 3; 0; 2 ] :: shapes
        let apart = Apart 0.1

        let each name domain shapes (f: int list -> Tensor -> Tensor) =
            [
                for axes in [ []; [ 0 ]; [ 1 ]; [ -1 ]; [ 0; 2 ]; [ 2; 1 ]; [ 0; 1; 2 ] ] do
                    one $"%s{name}: %A{axes}" domain shapes (f axes)
            ]

        [
            yield! each "sumOver" any orEmpty Tensor.sumOver |> List.map integers
            yield! each "meanOver" any shapes Tensor.meanOver
            yield! each "maxOver" apart shapes Tensor.maxOver |> List.map integers
            yield! each "minOver" apart shapes Tensor.minOver |> List.map integers
            yield! each "varianceOver" any shapes Tensor.varianceOver
            yield! each "logSumExpOver" any shapes Tensor.logSumExpOver
            one "sum" any anyShapes Tensor.sum |> integers |> within 1e-4
            one "mean" any shapes Tensor.mean
            one "max" apart shapes Tensor.max |> integers
            one "min" apart shapes Tensor.min |> integers
            one "variance" any shapes Tensor.variance
            one "logSumExp" any shapes Tensor.logSumExp
            one "logSumExp: far out" (Signed(300.0, 900.0)) shapes Tensor.logSumExp |> flat
            for axis in [ 0; 1; -1 ] do
                one $"softmax: axis {axis}" any shapes (Tensor.softmax axis)
                one $"logSoftmax: axis {axis}" any shapes (Tensor.logSoftmax axis)
                one $"argmax: axis {axis}" apart shapes (Tensor.argmax axis) |> integers |> flat
                one $"argmin: axis {axis}" apart shapes (Tensor.argmin axis) |> integers |> flat
            one "argmax: ties" (Grid(1.0, 0.0)) shapes (Tensor.argmax 1) |> integers |> flat
            one "maxOver: ties" (Grid(1.0, 0.0)) shapes (Tensor.maxOver [ 1 ])
            |> integers
            |> flat
        ]

    let private products =
        let matmul name shapes f = two name [ any; any ] shapes f

        [
            matmul
                "matmul"
                [
                    [ [ 3; 4 ]; [ 4; 5 ] ]
                    [ [ 1; 1 ]; [ 1; 1 ] ]
                    [ [ 2; 0 ]; [ 0; 3 ] ]
                    [ [ 0; 2 ]; [ 2; 3 ] ]
                    [ [ 1; 37 ]; [ 37; 1 ] ]
                    [ [ 33; 65 ]; [ 65; 29 ] ]
                ]
                Tensor.matmul
            matmul
                "matmul: stacks"
                [
                    [ [ 2; 3; 4 ]; [ 2; 4; 5 ] ]
                    [ [ 2; 3; 4 ]; [ 4; 5 ] ]
                    [ [ 3; 1; 2; 4 ]; [ 2; 4; 1 ] ]
                    [ [ 0; 3; 4 ]; [ 4; 5 ] ]
                ]
                Tensor.matmul
            for ta, tb in [ true, false; false, true; true, true ] do
                let shapes =
                    [
                        for stack, m, k, n in [ [], 3, 4, 5; [ 2 ], 2, 3, 1; [], 33, 17, 35; [], 2, 0, 3 ] do
                            [
                                stack @ (if ta then [ k; m ] else [ m; k ])
                                stack @ (if tb then [ n; k ] else [ k; n ])
                            ]
                    ]

                matmul $"matmul: transposed {ta} {tb}" shapes (fun a b -> Tensor.make (MatMul(ta, tb)) [ a; b ])

                matmul $"matmul: transposes {ta} {tb}" shapes (fun a b ->
                    Tensor.matmul (if ta then Tensor.transpose a else a) (if tb then Tensor.transpose b else b))
            matmul "matmul: bias and sigmoid" [ [ [ 5; 3 ]; [ 3; 7 ] ]; [ [ 30; 40 ]; [ 40; 33 ] ] ] (fun a b ->
                Tensor.sigmoid (Tensor.matmul a b + Tensor.at 0 0 b))
            matmul "mv" [ [ [ 3; 4 ]; [ 4 ] ]; [ [ 2; 0 ]; [ 0 ] ]; [ [ 33; 65 ]; [ 65 ] ] ] Tensor.mv
            matmul "dot" [ [ [ 4 ]; [ 4 ] ]; [ [ 0 ]; [ 0 ] ]; [ [ 1001 ]; [ 1001 ] ] ] Tensor.dot
            |> within 1e-4
            matmul "outer" [ [ [ 3 ]; [ 4 ] ]; [ [ 0 ]; [ 2 ] ]; [ [ 33 ]; [ 65 ] ] ] Tensor.outer
        ]

    let private windows =
        let plain = ConvOptions.defaults

        let options =
            [
                "plain", plain
                "padded", ConvOptions.padded 1 plain
                "strided", ConvOptions.strided 2 plain
                "strided and padded", plain |> ConvOptions.strided 2 |> ConvOptions.padded 1
                "dilated", { plain with Dilation = 2, 1 }
                "uneven",
                {
                    Stride = 2, 3
                    Dilation = 1, 2
                    PadHeight = 1, 0
                    PadWidth = 0, 2
                    Groups = 1
                }
            ]

        let image = [ 2; 3; 6; 7 ]

        [
            for name, options in options do
                two
                    $"conv2d: {name}"
                    [ any; any ]
                    [
                        [ image; [ 4; 3; 3; 2 ] ]
                        [ image; [ 1; 3; 1; 1 ] ]
                        [ [ 0; 3; 6; 7 ]; [ 2; 3; 3; 3 ] ]
                    ]
                    (fun x w -> Tensor.conv2d options w x)

                two $"convTranspose2d: {name}" [ any; any ] [ [ [ 2; 3; 4; 3 ]; [ 3; 2; 3; 2 ] ] ] (fun x w ->
                    Tensor.convTranspose2d options (0, 0) w x)

                one $"maxPool2d: {name}" (Apart 0.1) [ [ 2; 2; 6; 7 ]; [ 1; 1; 9; 12 ]; [ 0; 1; 6; 7 ] ] (Tensor.maxPool2d (3, 2) options)
                one $"avgPool2d: {name}" any [ [ 2; 2; 6; 7 ]; [ 1; 1; 9; 12 ] ] (Tensor.avgPool2d (3, 2) options)
            two "conv2d: groups" [ any; any ] [ [ [ 2; 4; 5; 5 ]; [ 6; 2; 3; 3 ] ] ] (fun x w ->
                Tensor.conv2d { plain with Groups = 2 } w x)
            two "conv2d: depthwise" [ any; any ] [ [ [ 2; 3; 5; 5 ]; [ 6; 1; 2; 2 ] ] ] (fun x w ->
                Tensor.conv2d
                    { plain with
                        Groups = 3
                        PadWidth = 1, 1
                    }
                    w
                    x)
            two "conv2d: many channels" [ any; any ] [ [ [ 1; 17; 9; 11 ]; [ 19; 17; 3; 3 ] ] ] (fun x w ->
                Tensor.conv2d (ConvOptions.padded 1 plain) w x)
            |> within 1e-4
            two "convTranspose2d: groups and extra rows" [ any; any ] [ [ [ 2; 4; 3; 3 ]; [ 4; 3; 3; 3 ] ] ] (fun x w ->
                Tensor.convTranspose2d
                    { ConvOptions.strided 2 plain with
                        Groups = 2
                    }
                    (1, 0)
                    w
                    x)
            one "maxPool2d: ties" (Grid(1.0, 0.0)) [ [ 1; 2; 5; 5 ] ] (Tensor.maxPool2d (2, 2) plain)
            |> flat
        ]

    let private random =
        let keyed name (f: Key -> Tensor) =
            row name [ Words ] [ [ [ 2 ] ] ] (fun _ key -> f { Words = key[0] })

        [
            for shape in [ [ 1 ]; [ 5; 7 ]; [ 0 ]; []; [ 16 ]; [ 33 ]; [ 3; 1000 ] ] do
                keyed $"Sample.bits: {shape}" (fun key -> Sample.bits key shape)
                row $"Sample.uniform: {shape}" [ Words ] [ [ [ 2 ] ] ] (fun dtype key -> Sample.uniform { Words = key[0] } dtype shape)
                row $"Sample.normal: {shape}" [ Words ] [ [ [ 2 ] ] ] (fun dtype key -> Sample.normal { Words = key[0] } dtype shape)
            row "Sample.uniformBetween" [ Words ] [ [ [ 2 ] ] ] (fun dtype key ->
                Sample.uniformBetween { Words = key[0] } dtype [ 40 ] -2.0 3.0)
            two "Sample.bernoulli" [ Between(0.0, 1.0); Words ] [ [ [ 7 ]; [ 2 ] ]; [ [ 30; 41 ]; [ 2 ] ] ] (fun p key ->
                Sample.bernoulli { Words = key } p)
            |> flat
            two "Sample.categorical" [ any; Words ] [ [ [ 7; 3 ]; [ 2 ] ]; [ [ 4 ]; [ 2 ] ]; [ [ 2; 50; 5 ]; [ 2 ] ] ] (fun logits key ->
                Sample.categorical { Words = key } logits)
            |> flat
            keyed "Key.split" (fun key -> Tensor.stack 0 [ for child in Key.split 5 key -> child.Words ])
            keyed "Key.pair" (fun key ->
                let a, b = Key.pair key
                Tensor.concatenate 0 [ a.Words; b.Words ])
            keyed "Key.foldIn" (fun key -> (Key.foldIn -7 key).Words)
            two "Key.foldInTensor" [ Index 100; Words ] [ [ []; [ 2 ] ] ] (fun data key -> (Key.foldInTensor data { Words = key }).Words)
        ]

    let private loops =
        [
            // Derivatives end at a loop, so its result is taken as it is.
            two "Loop.iterate" [ any; any ] [ [ [ 3; 4 ]; [ 4; 4 ] ]; [ [ 0; 2 ]; [ 2; 2 ] ]; [ [ 40; 33 ]; [ 33; 33 ] ] ] (fun x w ->
                let turn number (x, steps) =
                    Tensor.tanh (0.05 * Tensor.matmul x w + Tensor.cast x.DType number), steps + number

                let x, steps = Loop.iterate 5 turn (x, Tensor.zeros DType.Int32 [])
                Tensor.stopGradient (x * Tensor.cast x.DType steps))
            |> flat
        ]

    let all =
        PointwiseRows.all
        @ movement
        @ constants
        @ reductions
        @ products
        @ windows
        @ random
        @ loops

    let private named = dict [ for case in all -> case.Name, case ]
    let find name = named[name]

    /// Names of the rows that `choose` takes, as a theory wants its data.
    let rows (choose: OpCase -> bool) : obj[] seq =
        [ for case in all |> List.filter choose -> [| case.Name |] ]

    /// Each engine with each row.
    let onEngines: obj[] seq =
        [
            for engine in TestEngines.names do
                for case in all do
                    [| engine; case.Name |]
        ]
