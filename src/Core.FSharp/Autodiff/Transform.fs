namespace Functional.Core

open System.Collections.Generic
open Functional.Core.Graph
open Functional.Core.Autodiff

/// Derivatives as functions on functions. Arguments and results are trees; carried tensors and integers have derivative 0. All nest to
/// any depth.
[<AutoOpen>]
module Transform =
    /// The same tree with fresh variables in place of the tensors that derivatives are taken of.
    let private vary scope (tree: 'T) : 'T =
        Tree.mapTrained (fun tensor -> Tensor(Node.variable scope tensor.Node)) tree

    let private isVariable (tensor: Tensor) =
        match tensor.Node.Op with
        | Variable -> true
        | _ -> false

    let private nodes (tensors: Tensor[]) = tensors |> Array.map _.Node

    let private checkLike operation (x: Tensor) (t: Tensor) =
        if x.Node.Shape <> t.Node.Shape || x.DType <> t.DType then
            Errors.shape
                operation
                $"{DType.name t.DType} {Errors.show t.Shape} beside {DType.name x.DType} {Errors.show x.Shape}"
                "the same shape and element type"
                ""

    /// What derivatives pass through between variables and outputs, in topological order and with the inputs at the time of recording: it
    /// stays complete when its nodes are evaluated, and is let go as a whole.
    type private Tape =
        {
            Sources: HashSet<Node>
            Path: struct (Node * Node[])[]
        }

    let private record (outputs: Tensor[]) (variables: Tensor[]) =
        let sources = variables |> Array.filter isVariable |> nodes

        {
            Sources = HashSet<Node>(sources, HashIdentity.Reference)
            Path =
                [|
                    for node in Walk.between sources (nodes outputs) do
                        struct (node, node.Inputs)
                |]
        }

    /// Carries cotangents of `outputs` back to `variables`; 0 where nothing arrives.
    let private pull (tape: Tape) (outputs: Tensor[]) (cotangents: Tensor[]) (variables: Tensor[]) : Tensor[] =
        let gathered = Dictionary<Node, Tensor>(HashIdentity.Reference)
        let onPath = HashSet<Node>(HashIdentity.Reference)

        for struct (node, _) in tape.Path do
            onPath.Add node |> ignore

        let add node (cotangent: Tensor) =
            if onPath.Contains node then
                gathered[node] <-
                    match gathered.TryGetValue node with
                    | true, other -> other + cotangent
                    | _ -> cotangent

        Array.iter2
            (fun (output: Tensor) cotangent ->
                checkLike "vjp" output cotangent
                add output.Node cotangent)
            outputs
            cotangents

        for struct (node, inputs) in Array.rev tape.Path do
            match gathered.TryGetValue node with
            | true, cotangent when not (tape.Sources.Contains node) ->
                Array.iter2 (fun input part -> Option.iter (add input) part) inputs (Vjp.rule node inputs cotangent)
            | _ -> ()

        variables
        |> Array.map (fun variable ->
            match gathered.TryGetValue variable.Node with
            | true, cotangent -> cotangent
            | _ -> Tensor.zerosLike variable)

    /// f x, and the function from a cotangent of f x to the cotangent of x. It may be called at any time and any number of times.
    let vjp (f: 'T -> 'U) (x: 'T) : 'U * ('U -> 'T) =
        let scope = Scope()

        try
            let varied = vary scope x
            let y = f varied
            let outputs, variables = Tree.tensors y, Tree.tensors varied
            let tape = record outputs variables

            y, (fun cotangent -> pull tape outputs (Tree.tensors cotangent) variables |> Tree.rebuild x)
        finally
            scope.Active <- false

    /// f x with whatever else f returns, and the gradient of f's first result, a scalar.
    let valueAndGradWith (f: 'T -> Tensor * 'Aux) (x: 'T) : (Tensor * 'Aux) * 'T =
        let scope = Scope()

        try
            let varied = vary scope x
            let y, rest = f varied

            if y.Count <> 1 || not (DType.isFloat y.DType) then
                Errors.shape
                    "grad"
                    $"a function whose value is {DType.name y.DType} {Errors.show y.Shape}"
                    "a float scalar"
                    "reduce it, as in Tensor.sum, or use vjp or jacobian"

            let variables = Tree.tensors varied
            let tape = record [| y |] variables
            (y, rest), Tree.rebuild x (pull tape [| y |] [| Tensor.onesLike y |] variables)
        finally
            scope.Active <- false

    /// f x, a scalar, and its gradient.
    let valueAndGrad (f: 'T -> Tensor) (x: 'T) : Tensor * 'T =
        let (y, ()), gradient = valueAndGradWith (fun x -> f x, ()) x
        y, gradient

    /// The gradient of a function of one argument whose value is a scalar: what `grad` is when its function has no more arguments.
    let gradient (f: 'T -> Tensor) (x: 'T) : 'T = snd (valueAndGrad f x)

    /// f x and its derivative along `tangent`.
    let jvp (f: 'T -> 'U) (x: 'T) (tangent: 'T) : 'U * 'U =
        let scope = Scope()

        try
            let varied = vary scope x
            let y = f varied
            let tangents = Dictionary<Node, Tensor>(HashIdentity.Reference)

            Array.iter2
                (fun (variable: Tensor) (t: Tensor) ->
                    checkLike "jvp" variable t

                    if isVariable variable then
                        tangents[variable.Node] <- t)
                (Tree.tensors varied)
                (Tree.tensors tangent)

            let sources = tangents.Keys |> Seq.toArray

            let known node =
                match tangents.TryGetValue node with
                | true, t -> Some t
                | _ -> None

            for node in Walk.between sources (nodes (Tree.tensors y)) do
                if not (tangents.ContainsKey node) then
                    match Jvp.rule node (node.Inputs |> Array.map known) with
                    | Some t -> tangents[node] <- t
                    | None -> ()

            let carried (y: Tensor) =
                known y.Node |> Option.defaultWith (fun () -> Tensor.zerosLike y)

            y, Tree.map carried y
        finally
            scope.Active <- false

    /// The Hessian of f at x times `v`, without forming the Hessian.
    let hvp (f: 'T -> Tensor) (x: 'T) (v: 'T) : 'T = snd (jvp (gradient f) x v)

    /// All derivatives of f: [out...; in...].
    let jacobian (f: Tensor -> Tensor) (x: Tensor) : Tensor =
        let y, pullback = vjp f x

        let rows =
            [
                for i in 0 .. y.Count - 1 do
                    let one = Tensor.oneHot y.DType y.Count (Tensor.full Int32 [] (float i))
                    Tensor.flatten (pullback (Tensor.reshape y.Shape one))
            ]

        let shape = Array.append y.Shape x.Shape

        if rows.IsEmpty then
            Tensor.zeros y.DType shape
        else
            Tensor.reshape shape (Tensor.stack 0 rows)

    /// Second derivatives of a function whose value is a scalar: [in...; in...].
    let hessian (f: Tensor -> Tensor) (x: Tensor) : Tensor = jacobian (gradient f) x

    /// The same value, with no derivative.
    let stopGradient (tree: 'T) : 'T = Tree.map Tensor.stopGradient tree

/// What `grad` chooses from, by the arguments of the function it is given.
[<Sealed; AbstractClass>]
type Gradient =
    /// f: 'T -> scalar.
    static member Of(f: 'T -> Tensor, x: 'T) : 'T = gradient f x

    /// f: 'T -> 'U -> scalar, with the gradient along the first argument.
    static member Of(f: 'T -> ('U -> Tensor), x: 'T) : 'U -> 'T = fun u -> gradient (fun x -> f x u) x

[<AutoOpen>]
module Grad =
    let inline private choose (_: ^D) (f: 'T -> ^R) (x: 'T) : ^G =
        ((^D or ^R): (static member Of: ('T -> ^R) * 'T -> ^G) (f, x))

    /// The gradient of a function whose value is a scalar, along its first argument: grad f x for f: 'T -> Tensor, and grad f x u for
    /// f: 'T -> 'U -> Tensor. In a function that is generic in f, use `gradient`.
    let inline grad (f: 'T -> ^R) (x: 'T) =
        choose Unchecked.defaultof<Gradient> f x
