namespace Functional.Core.Tests

open System
open Functional.Core
open Functional.Core.Graph
open Xunit

/// Each way in which shapes and types can fail to fit, with the whole message: operation, what was found, what was expected, the fix.
type InferErrorTests() =
    static let zeros shape = Tensor.zeros Float32 shape
    static let labels count = Tensor.zeros Int32 [ count ]
    static let image = zeros [ 1; 2; 5; 5 ]
    static let plain = ConvOptions.defaults

    static let cases: (string * (unit -> Tensor)) list =
        [
            "tensor: found 3 values for [2; 2], expected 4 values.", (fun () -> Tensor.ofFloat32s [ 2; 2 ] [| 1f; 2f; 3f |])
            "shape: found [3; -2], expected sizes of 0 or more.", (fun () -> zeros [ 3; -2 ])
            "shape: found [-5], expected sizes of 0 or more.", (fun () -> Tensor.arange -5)
            "shape: found [65536; 65536] with more than 2147483647 elements, expected at most 2147483647; split the data.",
            (fun () -> zeros [ 65536; 65536 ])
            "shape: found [2000000; 2000000] with more than 2147483647 elements, expected at most 2147483647; split the data.",
            (fun () -> Tensor.outer (zeros [ 2000000 ]) (zeros [ 2000000 ]))
            "fill: found 0.5 for int32, expected a whole number; cast the tensor first, as in Tensor.cast Float32.",
            (fun () -> Tensor.full Int32 [ 2 ] 0.5)
            "fill: found 0.5 for int32, expected a whole number; cast the tensor first, as in Tensor.cast Float32.",
            (fun () -> labels 3 * 0.5)
            "add: found [2; 3] and [2; 4], sizes 3 and 4 at axis 1, expected sizes that are equal or 1; reshape or transpose one of them.",
            (fun () -> zeros [ 2; 3 ] + zeros [ 2; 4 ])
            "mul: found float32 [3] and int32 [3], expected one element type; cast one of them, as in Tensor.cast Float32.",
            (fun () -> zeros [ 3 ] * labels 3)
            "exp: found int32 [3], expected float32 or float64; cast it, as in Tensor.cast Float32.", (fun () -> Tensor.exp (labels 3))
            "div: found int32 [3], expected float32 or float64; cast it, as in Tensor.cast Float32.", (fun () -> labels 3 / labels 3)
            "where: found float32 [3] and float64 [3], expected one element type; cast one of them, as in Tensor.cast Float32.",
            (fun () -> Tensor.where (zeros [ 3 ]) (zeros [ 3 ]) (Tensor.zeros Float64 [ 3 ]))
            "where: found [2] and [3], sizes 2 and 3 at axis 0, expected sizes that are equal or 1; reshape or transpose one of them.",
            (fun () -> Tensor.where (zeros [ 2 ]) (zeros [ 3 ]) (zeros [ 3 ]))
            "reshape: found [2; 3], 6 elements, to [4; 2], 8 elements, expected equal numbers of elements.",
            (fun () -> Tensor.reshape [ 4; 2 ] (zeros [ 2; 3 ]))
            "reshape: found [2; 3] to [4; -1], expected at most one size of −1, that comes out whole.",
            (fun () -> Tensor.reshape [ 4; -1 ] (zeros [ 2; 3 ]))
            "shape: found [-2; -3], expected sizes of 0 or more.", (fun () -> Tensor.reshape [ -2; -3 ] (zeros [ 2; 3 ]))
            "permute: found order [0; 0] for [2; 3], expected each axis once.", (fun () -> Tensor.permute [ 0; 0 ] (zeros [ 2; 3 ]))
            "permute: found axis 2 of a tensor of rank 2, expected -2 to 1.", (fun () -> Tensor.permute [ 0; 2 ] (zeros [ 2; 3 ]))
            "transpose: found [3], expected rank 2 or more; reshape it.", (fun () -> Tensor.transpose (zeros [ 3 ]))
            "squeeze: found axis 1 of [2; 3], expected size 1.", (fun () -> Tensor.squeeze 1 (zeros [ 2; 3 ]))
            "broadcast: found [2; 3] to [2; 4], expected sizes that are equal or 1, aligned at the last axis; reshape it first.",
            (fun () -> Tensor.broadcast [ 2; 4 ] (zeros [ 2; 3 ]))
            "slice: found start 2, length 2, step 1 on axis 1 of [2; 3], expected indices from 0 to 2.",
            (fun () -> Tensor.slice 1 2 2 (zeros [ 2; 3 ]))
            "pad: found [-1; 0] and [0; 0], expected sizes of 0 or more; crop with slice.",
            (fun () -> Tensor.pad [ -1, 0; 0, 0 ] (zeros [ 2; 3 ]))
            "pad: found [1], expected rank 2, one pair of sizes for each axis; reshape it.",
            (fun () -> Tensor.pad [ 1, 1 ] (zeros [ 2; 3 ]))
            "concatenate: found [2; 3] and [3; 3] along axis 1, expected shapes that differ on that axis alone.",
            (fun () -> Tensor.concatenate 1 [ zeros [ 2; 3 ]; zeros [ 3; 3 ] ])
            "concatenate: found no tensors, expected one or more.", (fun () -> Tensor.concatenate 0 [])
            "gatherRows: found float32 [2] for indices, expected int32; cast it.",
            (fun () -> Tensor.gatherRows (zeros [ 2 ]) (zeros [ 3; 4 ]))
            "gatherRows: found [2; 1], expected rank 1, a list of indices; reshape it.",
            (fun () -> Tensor.gatherRows (Tensor.zeros Int32 [ 2; 1 ]) (zeros [ 3; 4 ]))
            "gatherRows: found [], expected rank 1 or more, a table of rows; reshape it.",
            (fun () -> Tensor.gatherRows (labels 2) (zeros []))
            "scatterRows: found [2] and [3], expected an index for each row.", (fun () -> Tensor.scatterRows 5 (labels 2) (zeros [ 3; 4 ]))
            "scatterRows: found [], expected rank 1 or more, a table of rows; reshape it.",
            (fun () -> Tensor.scatterRows 5 (Tensor.zeros Int32 []) (zeros []))
            "sum: found axis 2 of a tensor of rank 2, expected -2 to 1.", (fun () -> Tensor.sumOver [ 2 ] (zeros [ 2; 3 ]))
            "sum: found axis 1 twice, expected each axis once.", (fun () -> Tensor.sumOver [ 1; -1 ] (zeros [ 2; 3 ]))
            "max: found [2; 0] over axes [1], expected at least one element.", (fun () -> Tensor.maxOver [ 1 ] (zeros [ 2; 0 ]))
            "argmax: found [2; 0] along axis 1, expected at least one element.", (fun () -> Tensor.argmax 1 (zeros [ 2; 0 ]))
            "matmul: found [2; 3] by [4; 5], inner sizes 3 and 4, expected inner sizes that agree; transpose one of them.",
            (fun () -> Tensor.matmul (zeros [ 2; 3 ]) (zeros [ 4; 5 ]))
            "matmul: found [3] by [3; 2], expected matrices, or stacks of matrices; use dot or mv for vectors.",
            (fun () -> Tensor.matmul (zeros [ 3 ]) (zeros [ 3; 2 ]))
            "matmul: found [2] and [3], sizes 2 and 3 at axis 0, expected sizes that are equal or 1; reshape or transpose one of them.",
            (fun () -> Tensor.matmul (zeros [ 2; 4; 5 ]) (zeros [ 3; 5; 4 ]))
            "matmul: found int32 [2; 2], expected float32 or float64; cast it, as in Tensor.cast Float32.",
            (fun () -> Tensor.matmul (Tensor.zeros Int32 [ 2; 2 ]) (Tensor.zeros Int32 [ 2; 2 ]))
            "conv2d: found [2; 5; 5], expected rank 4, [batch; channels; height; width]; reshape it.",
            (fun () -> Tensor.conv2d plain (zeros [ 4; 2; 3; 3 ]) (zeros [ 2; 5; 5 ]))
            "conv2d: found [2; 3; 3], expected rank 4, weights [out; in/groups; height; width]; reshape it.",
            (fun () -> Tensor.conv2d plain (zeros [ 2; 3; 3 ]) image)
            "conv2d: found images [1; 2; 5; 5] and weights [4; 3; 3; 3] in 1 groups, expected weights [out; 2; height; width]; weights are [out; in/groups; height; width].",
            (fun () -> Tensor.conv2d plain (zeros [ 4; 3; 3; 3 ]) image)
            "conv2d: found 2 input and 4 output channels in 3 groups, expected channels that divide by the groups.",
            (fun () -> Tensor.conv2d { plain with Groups = 3 } (zeros [ 4; 2; 3; 3 ]) image)
            "conv2d: found size 5 with padding 0 and 0, expected at least the window's reach 6; add padding or use a smaller kernel.",
            (fun () -> Tensor.conv2d plain (zeros [ 4; 2; 6; 3 ]) image)
            "conv2d: found kernel 3, stride 0, dilation 1, expected 1 or more each.",
            (fun () -> Tensor.conv2d { plain with Stride = 0, 1 } (zeros [ 4; 2; 3; 3 ]) image)
            "conv2d: found padding -1 and 0, expected 0 or more; crop with slice first.",
            (fun () -> Tensor.conv2d { plain with PadHeight = -1, 0 } (zeros [ 4; 2; 3; 3 ]) image)
            "convTranspose2d: found images [1; 2; 5; 5] and weights [3; 4; 3; 3], expected weights [2; out/groups; height; width]; weights are [in; out/groups; height; width].",
            (fun () -> Tensor.convTranspose2d plain (0, 0) (zeros [ 3; 4; 3; 3 ]) image)
            "convTranspose2d: found images [2; 5; 5] and weights [3; 4; 3; 3], expected [batch; channels; height; width] and [in; out/groups; height; width]; reshape them.",
            (fun () -> Tensor.convTranspose2d plain (0, 0) (zeros [ 3; 4; 3; 3 ]) (zeros [ 2; 5; 5 ]))
            "convTranspose2d: found 3 and 0 extra rows and columns, expected 0 up to less than the stride.",
            (fun () -> Tensor.convTranspose2d (ConvOptions.strided 2 plain) (3, 0) (zeros [ 2; 4; 3; 3 ]) image)
            "maxPool2d: found [5; 5], expected rank 4, [batch; channels; height; width]; reshape it.",
            (fun () -> Tensor.maxPool2d (2, 2) plain (zeros [ 5; 5 ]))
            "maxPool2d: found size 5, padding 3 and 3, kernel 2, stride 1, dilation 1, expected every window to hold an element; use less padding.",
            (fun () -> Tensor.maxPool2d (2, 2) (ConvOptions.padded 3 plain) image)
            "avgPool2d: found [5; 5], expected [batch; channels; height; width]; reshape it.",
            (fun () -> Tensor.avgPool2d (2, 2) plain (zeros [ 5; 5 ]))
            "random: found [3] and [2], expected a key of two words.",
            (fun () -> Tensor.make (Random(Uniform, Float32, [| 4 |])) [ labels 3 ])
            "random: found float32 [2] for the key, expected int32; cast it.",
            (fun () -> Tensor.make (Random(Uniform, Float32, [| 4 |])) [ zeros [ 2 ] ])
            "foldIn: found float32 [1] for the data, expected int32; cast it.",
            (fun () -> (Key.foldInTensor (zeros [ 1 ]) (Key.ofSeed 1L)).Words)
        ]

    static member Numbers: obj[] seq =
        [
            for i in 0 .. cases.Length - 1 do
                [| i |]
        ]


    [<Theory; MemberData("Numbers")>]
    member _.``shapes that do not fit are refused when the operation is written``(number: int) =
        let message, action = cases[number]
        Assert.Equal(message, (throws<ShapeException>(action >> ignore)).Message)

    [<Fact>]
    member _.``an index out of range is refused when it is met, on every engine``() =
        let refused (index: int) range (f: Tensor -> Tensor) =
            let traced = TestEngines.trace [ Int32, [| 1 |] ] (fun x -> [ f x[0] ])

            for _, engine in TestEngines.all do
                let error =
                    throws<IndexOutOfRangeException>(fun () -> TestEngines.run engine traced [ Storage.ofInt32 [| index |] ] |> ignore)

                Assert.Contains($"index {index}", error.Message)
                Assert.Contains(range, error.Message)

        for index in [ 3; -1; Int32.MaxValue; Int32.MinValue ] do
            refused index "0 to 2" (fun x -> Tensor.gatherRows x (zeros [ 3; 4 ]))
            refused index "0 to 2" (fun x -> Tensor.scatterRows 3 x (zeros [ 1; 4 ]))

    [<Fact>]
    member _.``ToScalar wants one element``() =
        let error = throws<ShapeException>(fun () -> (zeros [ 2 ]).ToScalar() |> ignore)
        Assert.Equal("ToScalar: found [2], expected one element; reduce it first.", error.Message)

    [<Fact>]
    member _.``numbers of a tensor that is being traced are refused``() =
        let error =
            throws<InvalidOperationException>(fun () ->
                TestEngines.trace [ Float32, [| 2 |] ] (fun x ->
                    (Tensor.exp x[0]).ToFloat64s() |> ignore
                    x)
                |> ignore)

        Assert.Equal(
            "reading a tensor's numbers: found a exp that depends on an input of the function being compiled, expected a tensor that has a value; return it from the function, or choose with Tensor.where instead of if.",
            error.Message
        )

    [<Fact>]
    member _.``sizes of 0 hide no sizes that are too large``() =
        Assert.Equal(0, (zeros [ 70000; 70000; 0 ]).Count)
