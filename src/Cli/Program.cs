return Functional.Cli.CommandLine.Run(args);
