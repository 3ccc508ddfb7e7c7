namespace Functional.Core.Tests

open System.Collections.Generic
open Functional.Core
open Functional.Core.Compile
open Functional.Core.Engines
open Functional.Core.Graph
open Xunit

/// Each stage of the compiler on real programs: its output is legal and means what its input meant.
type StageTests() =
    /// Every operation, in a loss and its gradient, and a whole training step.
    static let programs: Lazy<(string * Program) list> =
        lazy
            [
                "training step", VaeStep.program Float32

                for case in OpTable.all do
                    let types = OpCase.types case Float32 case.Shapes.Head
                    let isFloat = DType.isFloat

                    let f x =
                        let y = case.Run Float32 x

                        if isFloat y.DType then
                            y :: grad (fun x -> Tensor.sum (Tensor.square (case.Run Float32 x))) x
                        else
                            [ y ]

                    case.Name, (TestEngines.trace types f).Program
            ]

    static let stages (program: Program) =
        let simple = Simplify.run program
        [ program; simple; Legal.run simple; Legal.run program ]

    static let isFill (node: Node) =
        match node.Op with
        | Fill _ -> true
        | _ -> false

    static let memberOf (nodes: Node seq) =
        HashSet<Node>(nodes, HashIdentity.Reference)

    static let stepsOf fuse (program: Program) =
        Fuse.run fuse program (Layout.ofProgram program)

    /// Fails unless every step reads inputs and what earlier steps wrote, and everything asked for is written once.
    static let checkSchedule what (program: Program) (layout: Layout) (schedule: Step[]) =
        let ready = memberOf program.Inputs

        for step in schedule do
            let own =
                memberOf (Seq.append step.Pointwise (Seq.append (Option.toList step.Head) (Option.toList step.Sink)))

            Assert.True(Array.forall ready.Contains step.Reads, $"{what}: a step reads what is not there yet")
            Assert.True(Array.forall own.Contains step.Writes, $"{what}: a step writes what it does not compute")
            let reads = memberOf step.Reads

            // What is behind each input of each node: computed here, a constant, or listed among the reads.
            for node in own do
                for input in node.Inputs do
                    let source = layout.Base input

                    let isComputed =
                        match layout.Computed input with
                        | ValueSome inner -> own.Contains inner
                        | ValueNone -> own.Contains source

                    Assert.True(
                        isComputed || reads.Contains source || (Kind.isPointwise node && isFill source),
                        $"{what}: {Infer.name node.Op} reads a {Infer.name source.Op} that its step does not know of"
                    )

            for node in step.Writes do
                Assert.True(ready.Add node, $"{what}: {Infer.name node.Op} is written twice")

        for output in program.Outputs do
            let source = layout.Base output
            Assert.True(ready.Contains source || isFill source, $"{what}: an output is not written")

    [<Fact>]
    member _.``every stage gives a legal graph that reads nothing but inputs``() =
        for _, program in programs.Value do
            stages program |> List.iter (fun stage -> Verify.closed stage.Outputs)

    [<Fact>]
    member _.``shapes and types of outputs stay``() =
        let form (program: Program) =
            program.Outputs |> Array.map (fun output -> output.DType, output.Shape)

        for name, program in programs.Value do
            for stage in stages program do
                Assert.True((form program = form stage), name)

    [<Fact>]
    member _.``reductions run over neighbours once legal``() =
        for name, program in programs.Value do
            for node in Walk.topological (fun _ -> true) (Legal.run program).Outputs do
                match node.Op with
                | Reduce(_, axes) ->
                    let between = [ Array.head axes .. Array.last axes ] |> List.except axes
                    Assert.True(between |> List.forall (fun axis -> node.Inputs[0].Shape[axis] = 1), name)
                | _ -> ()

    [<Fact>]
    member _.``simplifying a training step keeps its numbers``() =
        let program = VaeStep.program Float64

        let inputs =
            [| for x in VaeStep.initial Float64 |> Tree.tensors -> x.ToFloat64s() |]

        let inputs = Array.append inputs [| (VaeStep.rows Float64 4).ToFloat64s() |]
        let values program = Reference.run program inputs
        let expected = values program

        for stage in stages program do
            Array.iter2 (Close.check "training step" 1e-12) expected (values stage)

    [<Theory>]
    [<InlineData(true)>]
    [<InlineData(false)>]
    member _.``steps read what is written, and everything that is read is stored``(fuse: bool) =
        for name, program in programs.Value do
            for legal in [ Legal.run (Simplify.run program); Legal.run program ] do
                let layout = Layout.ofProgram legal
                checkSchedule name legal layout (Schedule.run (Fuse.run fuse legal layout))

    [<Fact>]
    member _.``fusing makes fewer steps``() =
        let program = Legal.run (Simplify.run (VaeStep.program Float32))
        let count fuse = (stepsOf fuse program).Length
        Assert.True(3 * count true < count false, $"{count true} steps of {count false}")

    [<Fact>]
    member _.``a layer and its activation are one step, behind the product``() =
        let types = [ Float32, [| 8; 5 |]; Float32, [| 5; 6 |]; Float32, [| 6 |] ]

        let traced =
            TestEngines.trace types (fun x -> [ Tensor.tanh (Tensor.matmul x[0] x[1] + x[2]) ])

        let step = Array.exactlyOne (stepsOf true (Simplify.run traced.Program))
        Assert.True(step.Head |> Option.exists (fun head -> Infer.name head.Op = "matmul"))
        Assert.Equal<string list>([ "add"; "tanh" ], [ for node in step.Pointwise -> Infer.name node.Op ])

    [<Fact>]
    member _.``a layer stores for its gradient what is least to write and read``() =
        let types = [ Float32, [| 8; 5 |]; Float32, [| 5; 6 |]; Float32, [| 6; 3 |] ]

        /// What runs behind the layer's product and behind the gradient's, and how many values each stores.
        let steps activation =
            let traced =
                TestEngines.trace types (fun x ->
                    let loss w =
                        Tensor.sum (Tensor.exp (Tensor.matmul (Activation.apply activation (Tensor.matmul x[0] w)) x[2]))

                    [ grad loss x[1] ])

            [
                for step in stepsOf true (Simplify.run traced.Program) do
                    if step.Pointwise.Length > 0 && step.Pointwise[0].Shape = [| 8; 6 |] then
                        [ for node in step.Pointwise -> Infer.name node.Op ], step.Writes.Length - Option.count step.Head
            ]

        Assert.Equal<(string list * int) list>([ [ "relu" ], 1; [ "le"; "where" ], 1 ], steps Activation.Relu)
        Assert.Equal<(string list * int) list>([ [ "elu" ], 1; [ "gt"; "add"; "mul"; "where" ], 1 ], steps Activation.Elu)
        Assert.Equal<(string list * int) list>([ [ "sigmoid"; "mul"; "sub"; "mul"; "add" ], 2; [ "mul" ], 1 ], steps Swish)

    [<Fact>]
    member _.``a chain that ends in a sum is one step that stores the sum alone``() =
        let traced =
            TestEngines.trace [ Float32, [| 8; 5 |] ] (fun x -> [ Tensor.sumOver [ 1 ] (Tensor.exp (2.0 * x.Head)) ])

        let step = Array.exactlyOne (stepsOf true (Simplify.run traced.Program))
        Assert.Equal<string list>([ "sum" ], [ for node in step.Writes -> Infer.name node.Op ])
