namespace Functional.Core

// Reflection sees None and empty values as null; here they are values like any other.
#nowarn "3261" "3264"


open System
open System.Collections
open System.Collections.Concurrent
open System.Collections.Generic
open Microsoft.FSharp.Reflection

/// A tensor that travels with the parameters but is not trained, such as the running mean of a batch normalisation.
type Carried = { Carried: Tensor }

/// One tensor of a tree. The path names fields and positions from the root: Encoder.0.Weight.
type Leaf =
    {
        Path: string
        Tensor: Tensor
        IsTrained: bool
    }

/// Records, tuples, lists, arrays, maps, options and unions of tensors, nested in any way, seen as a row of tensors. Everything else in
/// them (numbers, strings, functions) is kept as it is.
[<RequireQualifiedAccess>]
module Tree =
    /// How the values of one type are taken apart and put together: their parts with names, and a value like another with other parts.
    type private Form =
        | Tensor
        | Branch of parts: (obj -> struct (string * Type * obj)[]) * rebuild: (obj -> obj[] -> obj)
        | Other

    type private Collections =
        static member List<'T>(parts: obj[]) : obj =
            box [ for part in parts -> unbox<'T> part ]

        static member MapParts<'K, 'V when 'K: comparison>(map: obj) : struct (string * Type * obj)[] =
            [|
                for pair in unbox<Map<'K, 'V>> map -> struct (string (box pair.Key), typeof<'V>, box pair.Value)
            |]

        static member Map<'K, 'V when 'K: comparison>(like: obj, parts: obj[]) : obj =
            let keys = unbox<Map<'K, 'V>> like |> Map.toSeq |> Seq.map fst
            box (Map.ofSeq (Seq.zip keys (Seq.map unbox<'V> parts)))

    let private call (name: string) (types: Type[]) (arguments: obj[]) =
        let flags =
            Reflection.BindingFlags.Static
            ||| Reflection.BindingFlags.NonPublic
            ||| Reflection.BindingFlags.Public

        match typeof<Collections>.GetMethod(name, flags) with
        | null -> Errors.state "tree" name "a helper of that name" ""
        | helper -> helper.MakeGenericMethod(types).Invoke(null, arguments) |> nonNull

    // What reflection knows is asked for once a type, not once a value.
    let private fieldsAs (fields: Reflection.PropertyInfo[]) (name: int -> string) (read: obj -> obj[]) =
        let known =
            fields |> Array.mapi (fun i field -> struct (name i, field.PropertyType))

        fun value -> Array.map2 (fun (struct (name, kind)) part -> struct (name, kind, part)) known (read value)

    let private isGeneric definition (kind: Type) =
        kind.IsGenericType && kind.GetGenericTypeDefinition() = definition

    let private ofRecord kind =
        let fields = FSharpType.GetRecordFields(kind, true)
        let make = FSharpValue.PreComputeRecordConstructor(kind, true)
        Branch(fieldsAs fields (fun i -> fields[i].Name) (FSharpValue.PreComputeRecordReader(kind, true)), (fun _ parts -> make parts))

    let private ofTuple kind =
        let types = FSharpType.GetTupleElements kind
        let read = FSharpValue.PreComputeTupleReader kind
        let make = FSharpValue.PreComputeTupleConstructor kind

        Branch(
            (fun value -> Array.mapi2 (fun i kind part -> struct (string i, kind, part)) types (read value)),
            (fun _ parts -> make parts)
        )

    let private ofUnion kind =
        let tag = FSharpValue.PreComputeUnionTagReader(kind, true)
        let cases = FSharpType.GetUnionCases(kind, true) |> Array.sortBy _.Tag

        let readers =
            cases
            |> Array.map (fun case ->
                let fields = case.GetFields()

                let name i =
                    if isGeneric typedefof<_ option> kind then
                        ""
                    elif fields[i].Name.StartsWith "Item" then
                        (if fields.Length = 1 then "" else string i)
                    else
                        fields[i].Name

                fieldsAs fields name (FSharpValue.PreComputeUnionReader(case, true)))

        let makers =
            cases
            |> Array.map (fun case -> FSharpValue.PreComputeUnionConstructor(case, true))

        Branch((fun value -> readers[tag value] value), (fun like parts -> makers[tag like] parts))

    let private ofSequence (element: Type) (make: obj[] -> obj) =
        let parts (value: obj) =
            (value :?> IEnumerable)
            |> Seq.cast<obj>
            |> Seq.mapi (fun i part -> struct (string i, element, part))
            |> Seq.toArray

        Branch(parts, (fun _ parts -> make parts))

    let private ofArray (element: Type) =
        ofSequence element (fun parts ->
            let array = Array.CreateInstance(element, parts.Length)
            parts |> Array.iteri (fun i part -> array.SetValue(part, i))
            box array)

    let private formOf (kind: Type) =
        if kind = typeof<Functional.Core.Tensor> then
            Tensor
        elif isGeneric typedefof<_ list> kind then
            ofSequence (kind.GetGenericArguments()[0]) (fun parts -> call "List" (kind.GetGenericArguments()) [| parts |])
        elif isGeneric typedefof<Map<_, _>> kind then
            let types = kind.GetGenericArguments()
            Branch((fun map -> call "MapParts" types [| map |] |> unbox), (fun like parts -> call "Map" types [| like; parts |]))
        elif kind.IsArray && not (kind.GetElementType() |> nonNull).IsPrimitive then
            ofArray (kind.GetElementType() |> nonNull)
        elif FSharpType.IsRecord(kind, true) then
            ofRecord kind
        elif FSharpType.IsTuple kind then
            ofTuple kind
        elif FSharpType.IsUnion(kind, true) then
            ofUnion kind
        else
            Other

    let private forms = ConcurrentDictionary<Type, Form>()
    let private form (kind: Type) = forms.GetOrAdd(kind, formOf)

    /// Visits the tensors of a value and what else it holds. Names lead from the tensor to the root; most visitors have no use for them.
    let rec private visit (kind: Type) trained (names: string list) (value: obj) leaf (other: obj -> unit) =
        match form kind with
        | Tensor -> leaf names trained (unbox<Functional.Core.Tensor> value)
        | Other -> other value
        | Branch(parts, _) ->
            let isCarried = kind = typeof<Carried>

            for struct (name, kind, part) in parts value do
                let names = if isCarried || name = "" then names else name :: names
                visit kind (trained && not isCarried) names part leaf other

    let rec private rebuildAs (kind: Type) (like: obj) (next: unit -> Functional.Core.Tensor) : obj =
        match form kind with
        | Tensor -> box (next ())
        | Other -> like
        | Branch(parts, rebuild) ->
            rebuild
                like
                (parts like
                 |> Array.map (fun (struct (_, kind, part)) -> rebuildAs kind part next))

    /// The tensors of a tree in order, with their paths.
    let leaves (tree: 'T) : Leaf[] =
        let found = List<Leaf>()

        let add names trained tensor =
            found.Add
                {
                    Path = String.Join(".", List.rev names)
                    Tensor = tensor
                    IsTrained = trained
                }

        visit typeof<'T> true [] (box tree) add ignore
        found.ToArray()

    /// The tensors of a tree in order, and what else it holds.
    let internal parts (tree: 'T) : Functional.Core.Tensor[] * obj[] =
        let tensors, others = List<Functional.Core.Tensor>(), List<obj>()
        visit typeof<'T> true [] (box tree) (fun _ _ tensor -> tensors.Add tensor) others.Add
        tensors.ToArray(), others.ToArray()

    /// The tensors of a tree in order.
    let tensors (tree: 'T) : Functional.Core.Tensor[] = fst (parts tree)

    /// What a tree holds beside tensors, in order: with the shapes of its tensors this decides what a compiled function does.
    let others (tree: 'T) : obj[] = snd (parts tree)

    /// The same tree with other tensors, in the order of `leaves`.
    let rebuild (like: 'T) (tensors: Functional.Core.Tensor[]) : 'T =
        let used = ref 0

        let next () =
            if used.Value = tensors.Length then
                Errors.state "tree" $"{tensors.Length} tensors" "as many as the tree has" ""

            used.Value <- used.Value + 1
            tensors[used.Value - 1]

        let tree = rebuildAs typeof<'T> (box like) next

        if used.Value <> tensors.Length then
            Errors.state "tree" $"{tensors.Length} tensors for {used.Value} places" "equal numbers" ""

        unbox<'T> tree

    /// Applies `f` to every tensor.
    let map (f: Functional.Core.Tensor -> Functional.Core.Tensor) (tree: 'T) : 'T =
        rebuild tree (tensors tree |> Array.map f)

    /// The same tree in memory of its own, which nothing else writes to.
    let copy (tree: 'T) : 'T =
        map (fun tensor -> Functional.Core.Tensor.ofStorage tensor.Shape (Storage.copy (Engines.Evaluate.value tensor.Node))) tree

    /// Applies `f` to the tensors of trees of one form, place by place.
    let map2 f (a: 'T) (b: 'T) : 'T =
        rebuild a (Array.map2 f (tensors a) (tensors b))

    let private isTrained (leaf: Leaf) =
        leaf.IsTrained && DType.isFloat leaf.Tensor.DType

    /// The trained tensors of a tree in order: carried tensors and integers are not among them.
    let trained (tree: 'T) : Functional.Core.Tensor[] =
        leaves tree |> Array.filter isTrained |> Array.map _.Tensor

    /// The same tree with other trained tensors, in the order of `trained`; carried tensors and integers stay.
    let rebuildTrained (like: 'T) (tensors: Functional.Core.Tensor[]) : 'T =
        let leaves = leaves like

        let places =
            leaves |> Array.indexed |> Array.filter (snd >> isTrained) |> Array.map fst

        if places.Length <> tensors.Length then
            Errors.state "tree" $"{tensors.Length} tensors for {places.Length} trained places" "equal numbers" ""

        let all = leaves |> Array.map _.Tensor
        Array.iter2 (fun place tensor -> all[place] <- tensor) places tensors
        rebuild like all

    /// As `map`, for trained tensors only.
    let mapTrained f (tree: 'T) : 'T =
        trained tree |> Array.map f |> rebuildTrained tree

    /// The number of elements in all tensors.
    let count (tree: 'T) =
        tensors tree |> Array.sumBy (fun tensor -> int64 tensor.Count)
