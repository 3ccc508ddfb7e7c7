namespace Functional.Core.Engines

/// The engines that can be had by name.
[<RequireQualifiedAccess>]
module Engines =
    /// What evaluates tensors outside `compile`.
    let defaultEngine: Lazy<Engine> = Cpu.shared
