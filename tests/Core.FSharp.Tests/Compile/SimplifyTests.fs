namespace Functional.Core.Tests

open Functional.Core
open Functional.Core.Compile
open Functional.Core.Engines
open Functional.Core.Graph
open Xunit

/// What simplification must make of an expression in x and y, both [2; 3].
type private Rewrite =
    {
        Name: string
        Before: Tensor -> Tensor -> Tensor
        /// The operations that are left, in order.
        After: string list
    }

type SimplifyTests() =
    static let rewrite name after before =
        {
            Name = name
            Before = before
            After = after
        }

    static let make op inputs = Tensor.make op inputs
    static let whole = [| 2; 3 |]
    static let zeros = Tensor.zeros Float32 [ 2; 3 ]

    static let neutral =
        [
            rewrite "x + 0" [] (fun x _ -> x + 0.0)
            rewrite "0 + x" [] (fun x _ -> 0.0 + x)
            rewrite "x - 0" [] (fun x _ -> x - 0.0)
            rewrite "x + zeros" [] (fun x _ -> x + zeros)
            rewrite "x * 1" [] (fun x _ -> x * 1.0)
            rewrite "1 * x" [] (fun x _ -> 1.0 * x)
            rewrite "x / 1" [] (fun x _ -> x / 1.0)
            rewrite "x to the 1" [] (fun x _ -> Tensor.pow x 1.0)
            rewrite "x to the 2" [ "mul" ] (fun x _ -> Tensor.pow x 2.0)
            rewrite "x to the -1" [ "reciprocal" ] (fun x _ -> Tensor.pow x -1.0)
            rewrite "x to the 0" [ "fill" ] (fun x _ -> Tensor.pow x 0.0)
            rewrite "neutral elements under one another" [] (fun x _ -> ((x * 1.0 + 0.0) / 1.0 - 0.0))
        ]

    static let signs =
        [
            rewrite "-(-x)" [] (fun x _ -> -(-x))
            rewrite "0 - x" [ "neg" ] (fun x _ -> 0.0 - x)
            rewrite "x * -1" [ "neg" ] (fun x _ -> x * -1.0)
            rewrite "x + -y" [ "sub" ] (fun x y -> x + -y)
            rewrite "-x + y" [ "sub" ] (fun x y -> -x + y)
            rewrite "x - -y" [ "add" ] (fun x y -> x - -y)
            rewrite "-x * -y" [ "mul" ] (fun x y -> -x * -y)
        ]

    static let constants =
        [
            rewrite "a function of a constant" [ "fill" ] (fun x _ -> Tensor.exp (Tensor.fullLike x 2.0))
            rewrite "constants with constants" [ "fill" ] (fun x _ -> (Tensor.fullLike x 2.0 + 3.0) * 0.5)
            rewrite "a sum of a constant" [ "fill" ] (fun x _ -> Tensor.sumOver [ 1 ] (Tensor.fullLike x 2.0))
            rewrite "a maximum of a constant" [ "fill" ] (fun x _ -> Tensor.maxOver [ 0 ] (Tensor.fullLike x 2.0))
            rewrite "a constant cast" [ "fill" ] (fun x _ -> Tensor.cast Float64 (Tensor.fullLike x 0.1))
            rewrite "a constant moved" [ "fill" ] (fun _ _ ->
                Tensor.full Float32 [ 2; 1; 3 ] 2.0
                |> Tensor.transpose
                |> Tensor.broadcast [ 2; 3; 5 ]
                |> Tensor.slice 2 1 2
                |> Tensor.reshape [ 12 ])
            rewrite "a choice that is known" [] (fun x y -> Tensor.where (Tensor.onesLike x) x y)
            rewrite "the other choice" [] (fun x y -> Tensor.where (Tensor.zerosLike x) x y)
            rewrite "a choice between equals" [] (fun x y -> Tensor.where (Tensor.gt x y) y y)
        ]

    static let movements =
        [
            rewrite "two reshapes" [ "reshape" ] (fun x _ -> x |> Tensor.reshape [ 6 ] |> Tensor.reshape [ 3; 2 ])
            rewrite "a reshape and back" [] (fun x _ -> x |> Tensor.reshape [ 6 ] |> Tensor.reshape [ 2; 3 ])
            rewrite "a transpose and back" [] (fun x _ -> Tensor.transpose (Tensor.transpose x))
            rewrite "two permutations" [ "reshape"; "permute" ] (fun x _ ->
                x
                |> Tensor.unsqueeze 0
                |> Tensor.permute [ 1; 2; 0 ]
                |> Tensor.permute [ 2; 1; 0 ])
            rewrite "a permutation of axes of size 1" [ "reshape" ] (fun x _ -> x |> Tensor.unsqueeze 0 |> Tensor.permute [ 1; 0; 2 ])
            rewrite "two broadcasts" [ "broadcast" ] (fun x _ -> x |> Tensor.broadcast [ 4; 2; 3 ] |> Tensor.broadcast [ 5; 4; 2; 3 ])
            rewrite "a broadcast that adds axes alone" [ "reshape" ] (fun x _ -> Tensor.broadcast [ 1; 2; 3 ] x)
            rewrite "a slice of everything" [] (fun x _ -> make (Slice([| 0; 0 |], whole, [| 1; 1 |])) [ x ])
            rewrite "no padding" [] (fun x _ -> make (Pad([| 0; 0 |], [| 0; 0 |])) [ x ])
            rewrite "one part" [] (fun x _ -> make (Concat 0) [ x ])
            rewrite "a cast to its own type" [] (fun x _ -> make (Cast Float32) [ x ])
            rewrite "a sum over one element" [] (fun x _ -> Tensor.sumOver [ 0 ] (Tensor.unsqueeze 0 x))
            rewrite "a sum of everything reshaped" [ "sum" ] (fun x _ -> Tensor.sum (Tensor.reshape [ 3; 2 ] x))
        ]

    static let products =
        [
            rewrite "a transpose on the left" [ "matmul" ] (fun x y -> Tensor.matmul (Tensor.transpose x) y)
            rewrite "a transpose on the right" [ "matmul" ] (fun x y -> Tensor.matmul x (Tensor.transpose y))
            rewrite "transposes of both" [ "reshape"; "matmul" ] (fun x y ->
                Tensor.matmul (Tensor.transpose x) (Tensor.transpose (Tensor.reshape [ 3; 2 ] y)))
        ]

    /// y scattered to the maxima of windows of one element each, so that x and y have the shape of an image.
    static let scattered (x: Tensor) (y: Tensor) =
        let image = Tensor.reshape [ 1; 1; 2; 3 ]
        let _, pullback = vjp (Tensor.maxPool2d (1, 1) ConvOptions.defaults) (image x)
        image x, pullback (image y)

    static let pooling =
        [
            rewrite
                "a mask behind pooling"
                [
                    "fill"
                    "sub"
                    "reshape"
                    "maxPool2d"
                    "fill"
                    "le"
                    "reshape"
                    "where"
                    "maxPool2d gradient"
                ]
                (fun x y ->
                    let x, g = scattered (x - 1.5) y
                    let zero = Tensor.zerosLike x
                    Tensor.where (Tensor.le x zero) zero g)
            rewrite "a sum of what was scattered" [ "reshape"; "sum" ] (fun x y -> Tensor.sumOver [ 0; 2; 3 ] (snd (scattered x y)))
        ]

    static let shared =
        [
            rewrite "equal expressions" [ "exp"; "add" ] (fun x _ -> Tensor.exp x + Tensor.exp x)
            rewrite "equal expressions with constants" [ "fill"; "mul"; "exp"; "add" ] (fun x _ ->
                Tensor.exp (x * 2.0) + Tensor.exp (x * (2.0 * Tensor.onesLike x)))
            rewrite "expressions that become equal" [ "add"; "mul" ] (fun x y -> (x + y) * (x * 1.0 + (y - 0.0)))
        ]

    static let all = neutral @ signs @ constants @ movements @ products @ pooling @ shared
    static let types = [ Float32, whole; Float32, whole ]

    static let operands =
        [
            Storage.ofFloat32 [| 0.5f; 1.25f; 2.0f; 0.75f; 3.0f; 1.5f |]
            Storage.ofFloat32 [| 1.0f; 0.25f; 4.0f; 2.5f; 0.5f; 1.75f |]
        ]

    static let trace rewrite =
        TestEngines.trace types (fun x -> [ rewrite.Before x[0] x[1] ])

    static let simplified rewrite = Simplify.run (trace rewrite).Program

    static let operations (program: Program) =
        Walk.topological (fun _ -> true) program.Outputs
        |> Seq.filter (fun node -> not (Seq.contains node program.Inputs))
        |> Seq.map (fun node -> Infer.name node.Op)
        |> Seq.toList

    static let evaluate program =
        (Reference.run program [| for x in operands -> Storage.toFloat64 x |])[0]

    static let find name =
        all |> List.find (fun rewrite -> rewrite.Name = name)

    static let matmulFlags name =
        match (simplified (find name)).Outputs[0].Op with
        | MatMul(ta, tb) -> ta, tb
        | _ ->
            Assert.Fail "no product"
            false, false

    static member Rewrites: obj[] seq = [ for rewrite in all -> [| rewrite.Name |] ]

    [<Theory; MemberData("Rewrites")>]
    member _.``an expression becomes what it should``(name: string) =
        Assert.Equal<string list>((find name).After, operations (simplified (find name)))

    [<Theory; MemberData("Rewrites")>]
    member _.``its value stays``(name: string) =
        let rewrite = find name
        Close.check name 1e-7 (evaluate (trace rewrite).Program) (evaluate (simplified rewrite))

    [<Fact>]
    member _.``transposes become flags of the product``() =
        Assert.Equal((true, false), matmulFlags "a transpose on the left")
        Assert.Equal((false, true), matmulFlags "a transpose on the right")

    [<Fact>]
    member _.``what must not vanish stays``() =
        let stays after before =
            Assert.Equal<string list>(after, operations (simplified (rewrite "" [] before)))

        // Rules that would be wrong for infinities, or change how a sum or a quotient rounds.
        stays [ "add"; "add" ] (fun x y -> (x + y) + y)
        stays [ "sub" ] (fun x _ -> x - x)
        stays [ "div" ] (fun x _ -> x / x)
        stays [ "fill"; "div" ] (fun x _ -> x / 3.0)
        stays [ "sum"; "sum" ] (fun x _ -> Tensor.sumOver [ 0 ] (Tensor.sumOver [ 1 ] x))

    [<Fact>]
    member _.``nothing sums to nothing``() =
        let traced =
            TestEngines.trace [] (fun _ -> [ Tensor.sumOver [ 0 ] (Tensor.full Float64 [ 0; 2 ] infinity) ])

        Assert.Equal<float[]>([| 0.0; 0.0 |], (Reference.run (Simplify.run traced.Program) [||])[0])

    [<Fact>]
    member _.``draws from one key become one, draws from two keys stay two``() =
        let draws keys =
            let traced =
                TestEngines.trace [ Int32, [| 2; 2 |] ] (fun words ->
                    keys
                    |> List.map (fun i -> Sample.normal { Words = Tensor.at 0 i words.Head } Float32 [ 4 ])
                    |> List.reduce (+)
                    |> List.singleton)

            operations (Simplify.run traced.Program)
            |> List.filter ((=) "random")
            |> List.length

        Assert.Equal(1, draws [ 0; 0 ])
        Assert.Equal(2, draws [ 0; 1 ])

    [<Fact>]
    member _.``simplifying twice changes nothing more``() =
        let once = Simplify.run (VaeStep.program Float32)
        let twice = Simplify.run once
        Assert.Equal<string list>(operations once, operations twice)
