using System.ComponentModel.DataAnnotations;

namespace Cdr.ServiceDefaults.Stopping;

/// <summary>How a process ends. Section <c>Stop</c>.</summary>
internal sealed class StopOptions
{
    public const string Section = "Stop";

    /// <value>For how long a process that was asked to stop still takes requests, not ready and closing each connection after its answer. Default 0: nobody else is there to take them. Some seconds where there are several replicas.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:20")]
    public TimeSpan Drain { get; init; }
}
