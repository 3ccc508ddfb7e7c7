namespace Functional.Core.Compile

open System
open System.Collections.Generic

/// Compares programs by what they compute, with the hash taken once.
[<Sealed; AllowNullLiteral(false)>]
type ProgramKey(parts: objnull[]) =
    let hash =
        let mutable code = HashCode()

        for part in parts do
            code.Add(LanguagePrimitives.GenericHash part)

        code.ToHashCode()

    member private _.Parts = parts
    override _.GetHashCode() = hash

    override _.Equals other =
        match other with
        | :? ProgramKey as other ->
            parts.Length = other.Parts.Length
            && Array.forall2 (fun (a: objnull) b -> LanguagePrimitives.GenericEquality a b) parts other.Parts
        | _ -> false

/// What was made from a program, kept for the next program that is the same. Holds a bounded number and starts afresh beyond it.
[<Sealed>]
type Cache<'T>(capacity: int) =
    let made = Dictionary<ProgramKey, 'T>()
    let mutable misses = 0L

    /// How often something had to be made.
    member _.Misses = misses

    member _.Find (program: Program) (make: Program -> 'T) =
        let key = ProgramKey(Program.key program)

        lock made (fun () ->
            match made.TryGetValue key with
            | true, found -> found
            | _ ->
                if made.Count >= capacity then
                    made.Clear()

                misses <- misses + 1L
                let value = make program
                made[key] <- value
                value)
