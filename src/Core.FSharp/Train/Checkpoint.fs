namespace Functional.Core

open System.Collections.Generic

/// Trees of tensors as safetensors files, a name for each tensor: its path in the tree.
[<RequireQualifiedAccess>]
module Checkpoint =
    let private entryOf (leaf: Leaf) : SafetensorsEntry =
        {
            Name = leaf.Path
            DType = leaf.Tensor.DType
            Shape = leaf.Tensor.Shape
            Write = fun stream -> stream.Write(Functional.Core.Engines.Evaluate.value(leaf.Tensor.Node).Bytes)
        }

    /// Writes the tensors of a tree, with a map of strings about them, so that the file is either all there or as it was before. The
    /// tensors are not copied.
    let save (path: string) (metadata: Map<string, string>) (tree: 'T) : unit =
        Output.atomically path (Safetensors.encodeEntries metadata (Tree.leaves tree |> Array.map entryOf))

    let private toTensor (array: NamedArray) : Tensor =
        let storage = Storage(array.DType, Shape.count array.Shape)
        System.Span<byte>(array.Bytes).CopyTo(storage.Bytes)
        Tensor.ofStorage array.Shape storage

    /// A tree like `like` with the tensors of a file that was read; every name, type and shape must be the same.
    let restore (path: string) (file: SafetensorsFile) (like: 'T) : 'T =
        let arrays = Dictionary<string, NamedArray>()

        for array in file.Arrays do
            arrays[array.Name] <- array

        let leaves = Tree.leaves like

        let find (leaf: Leaf) =
            match arrays.TryGetValue leaf.Path with
            | true, array when array.DType = leaf.Tensor.DType && array.Shape = leaf.Tensor.Shape -> toTensor array
            | true, array ->
                Errors.data
                    path
                    $"tensor {leaf.Path}"
                    $"{DType.name array.DType} {Errors.show array.Shape}"
                    $"{DType.name leaf.Tensor.DType} {Errors.show leaf.Tensor.Shape}"
                    "the file was written with other options"
            | _ -> Errors.data path "" $"no tensor {leaf.Path}" "every tensor of the model" "the file was written by another model"

        if file.Arrays.Length <> leaves.Length then
            Errors.data path "" $"{file.Arrays.Length} tensors" $"{leaves.Length}" "the file was written by another model"

        leaves |> Array.map find |> Tree.rebuild like
