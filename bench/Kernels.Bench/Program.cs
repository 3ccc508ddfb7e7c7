using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Functional.Bench;

// "--quick" prints medians within seconds; anything else goes to BenchmarkDotNet.
if (args is ["--quick", .. var names])
    Quick.Run(names);
else
    BenchmarkSwitcher
        .FromAssembly(typeof(Quick).Assembly)
        .Run(args, DefaultConfig.Instance.WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(80)));
