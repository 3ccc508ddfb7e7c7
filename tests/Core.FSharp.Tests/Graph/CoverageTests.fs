namespace Functional.Core.Tests

open System.Reflection
open FSharp.Reflection
open Functional.Core
open Functional.Core.Graph
open Xunit

/// No operation escapes the table: what users can call and what graphs can hold is listed by reflection and looked up in it.
type CoverageTests() =
    static let covered = OpTable.all |> List.map OpCase.operation |> Set.ofList

    static let symbols =
        Map
            [
                "op_Addition", "+"
                "op_Subtraction", "-"
                "op_Multiply", "*"
                "op_Division", "/"
                "op_Modulus", "%"
                "op_UnaryNegation", "~-"
                "Pow", "**"
            ]

    /// Public functions that are no operations on a graph.
    static let elsewhere =
        Map
            [
                for name in [ "ofFloat32s"; "ofFloat64s"; "ofInt32s"; "ofValues"; "vector"; "matrix" ] do
                    name, "takes numbers, not tensors: ClosedFormTests"
                "Key.ofSeed", "takes a number: KeyTests"
                "Key.words", "gives numbers: KeyTests"
                "Sample.permutation", "reads its key: SampleTests"
            ]

    static let statics (kind: System.Type) =
        kind.GetMethods(BindingFlags.Public ||| BindingFlags.Static ||| BindingFlags.DeclaredOnly)
        |> Array.map _.Name
        |> List.ofArray

    /// The names under which users call the operations: Tensor's own, those that modules add to it, and the functions on keys.
    static let callable =
        let assembly = typeof<Tensor>.Assembly

        let added =
            assembly.GetTypes()
            |> Array.toList
            |> List.collect statics
            |> List.filter _.StartsWith("Tensor.")
            |> List.map (fun name -> name.Split('.')[1])

        let ofModule (name: string) =
            match assembly.GetType $"Functional.Core.%s{name}Module" with
            | null ->
                match assembly.GetType $"Functional.Core.%s{name}" with
                | null -> []
                | kind -> statics kind |> List.map (fun f -> $"{name}.{f}")
            | kind -> statics kind |> List.map (fun f -> $"{name}.{f}")

        statics typeof<Tensor>
        @ added
        @ ofModule "Key"
        @ ofModule "Sample"
        @ ofModule "Loop"
        |> List.map (fun name -> Map.tryFind name symbols |> Option.defaultValue name)
        |> List.distinct

    /// The operations in the programs of all rows and their derivatives.
    static let reached =
        [
            for case in OpTable.all do
                let types = OpCase.types case Float64 case.Shapes.Head

                let derived (x: Tensor list) =
                    let y, pull = vjp (case.Run Float64) x
                    y :: pull (Tensor.onesLike y)

                for node in Walk.topological (fun _ -> true) (TestEngines.trace types derived).Program.Outputs do
                    node.Op
        ]

    static let cases kind =
        FSharpType.GetUnionCases kind |> Array.map _.Name |> Set.ofArray

    static let caseName (value: 'T) =
        (fst (FSharpValue.GetUnionFields(value, typeof<'T>))).Name

    static let missing kind found =
        Set.difference (cases kind) (Set.ofList found) |> Set.toList

    [<Fact>]
    member _.``every operation that users can call is in the table``() =
        Assert.True(callable.Length > 90, $"reflection found {callable.Length} operations only")

        let missing =
            callable
            |> List.filter (fun name -> not (covered.Contains name || elsewhere.ContainsKey name))

        Assert.Equal<string list>([], missing)

    [<Fact>]
    member _.``every row and every exception names an operation that exists``() =
        let known = Set.ofList callable
        let named = covered + (elsewhere |> Map.keys |> Set.ofSeq)
        Assert.Equal<string list>([], Set.difference named known |> Set.toList)

    [<Fact>]
    member _.``row names are unique``() =
        Assert.Equal<string list>(
            [],
            OpTable.all
            |> List.countBy _.Name
            |> List.filter (fun (_, n) -> n > 1)
            |> List.map fst
        )

    [<Fact>]
    member _.``every case of every operation type is reached``() =
        // Data becomes an input when a program is captured, and markers of differentiation are left out.
        Assert.Equal<string list>([ "Data"; "StopGradient"; "Variable" ], missing typeof<Op> (List.map caseName reached))

        let within choose = reached |> List.choose choose

        Assert.Equal<string list>(
            [],
            missing
                typeof<UnaryOp>
                (within (function
                    | Unary f -> Some(caseName f)
                    | _ -> None))
        )

        Assert.Equal<string list>(
            [],
            missing
                typeof<BinaryOp>
                (within (function
                    | Binary f -> Some(caseName f)
                    | _ -> None))
        )

        Assert.Equal<string list>(
            [],
            missing
                typeof<ReduceOp>
                (within (function
                    | Reduce(f, _) -> Some(caseName f)
                    | _ -> None))
        )

        Assert.Equal<string list>(
            [],
            missing
                typeof<Draw>
                (within (function
                    | Random(f, _, _) -> Some(caseName f)
                    | _ -> None))
        )
