namespace Functional.Core.Compile

open Functional.Core
open Functional.Core.Graph

/// A loop's turn as a program: the number of the turn, the state and what every turn reads → the next state, which may be written over
/// the one before. Bodies compare by what they compute.
[<Sealed>]
type Body private (program: Program) =
    inherit LoopBody()

    let types (nodes: Node[]) =
        nodes |> Array.map (fun node -> struct (node.DType, node.Shape))

    let key = ProgramKey(Program.key program)
    let inputs = types (Array.tail program.Inputs)
    let starts = Pack.starts (types program.Outputs)

    member _.Program = program
    member private _.Key = key

    /// Where each tensor of the packed state begins.
    member _.Starts = Array.truncate program.Outputs.Length starts

    override _.Inputs = inputs
    override _.Words = Array.last starts
    override _.GetHashCode() = key.GetHashCode()

    override _.Equals other =
        match other with
        | :? Body as other -> key.Equals other.Key
        | _ -> false

    /// A body from a program with those inputs and outputs.
    static member ofProgram(program: Program) =
        Body
            { program with
                Donated = Array.init program.Outputs.Length (fun i -> struct (i + 1, i))
            }

    /// What the compiler knows of a loop's body.
    static member ofLoop(body: LoopBody) : Body =
        match body with
        | :? Body as body -> body
        | _ -> Errors.state "loop" "a body of another kind" "one that was made from a program" "this is a defect of the compiler"
