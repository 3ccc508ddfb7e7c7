namespace Functional.Workloads

open System
open Functional.Core.Engines

/// The sizes whose growth is looked at.
[<RequireQualifiedAccess>]
module GrowthLines =
    let private prepare (workload: Workload) threads =
        {
            Images = workload.Rows
            Step = workload.Prepare(Cpu.create { Cpu.defaults with Threads = threads })
            Close = ignore
        }

    let private batch =
        {
            Name = "batch"
            Axis = "rows in a batch of vae-dense"
            Sizes = [ 1; 4; 16; 64; 256; 1024; 4096 ]
            Work = float
            Bend = "a product with few rows reads each weight for little arithmetic, so that memory sets its pace"
            Prepare = fun threads size -> prepare (Catalog.vaeDense size 500) threads
        }

    let private width =
        let rows = 150

        {
            Name = "width"
            Axis = "units in the hidden layers of vae-dense"
            Sizes = [ 64; 128; 256; 512; 1024; 2048; 4096 ]
            // Multiplications and additions of a pass with one row.
            Work = fun width -> 2.0 * float width * (2.0 * 784.0 + 2.0 * float width + 3.0 * 20.0)
            Bend = "the weights and the optimizer's moments leave the caches, and small products have less to share between threads"
            Prepare = fun threads size -> prepare (Catalog.vaeDense rows size) threads
        }

    let private langevin =
        {
            Name = "langevin"
            Axis = "Langevin steps of ebm-langevin on 4 images"
            Sizes = [ 1; 3; 10; 30; 100; 300; 1000 ]
            Work = float
            Bend = "the step of the parameters comes on top of a few steps of the chain"
            Prepare = fun threads size -> prepare (Catalog.ebm 4 size) threads
        }

    let private gibbs =
        {
            Name = "gibbs"
            Axis = "turns of the chain of rbm-cd"
            Sizes = [ 1; 2; 5; 10; 20; 50; 100 ]
            Work = float
            Bend = "the first turn stands before the loop over the others"
            Prepare = fun threads size -> prepare (Catalog.rbm 256 size) threads
        }

    let private threads =
        {
            Name = "threads"
            Axis = "threads of vae-dense"
            Sizes = [ 1 .. Environment.ProcessorCount ]
            Work = fun threads -> 1.0 / float threads
            Bend = "threads share the memory's pace and what runs on one thread"
            Prepare = fun _ size -> prepare (Catalog.vaeDense 150 500) size
        }

    let private rows =
        {
            Name = "rows"
            Axis = "rows of a file that an epoch reads"
            Sizes = [ 1_000; 10_000; 100_000; 1_000_000; 10_000_000 ]
            Work = float
            Bend = "an epoch's beginning and end come on top of a few batches"
            Prepare = StreamedRows.prepare
        }

    /// Rows first, while the process is small; then batch, width, steps of chains, threads.
    let all: GrowthLine list = [ rows; batch; width; langevin; gibbs; threads ]
