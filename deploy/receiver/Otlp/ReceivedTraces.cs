using System.Collections.Concurrent;

namespace Cdr.Receiver.Otlp;

/// <summary>One span, in the part that tells who called whom.</summary>
/// <param name="Service">The process's.</param>
/// <param name="Name">Its name.</param>
/// <param name="Links">Traces that it is linked to.</param>
public sealed record ReceivedSpan(string Service, string Name, IReadOnlyList<string> Links);

/// <summary>One trace.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Services">Who took part.</param>
/// <param name="Spans">How many spans arrived.</param>
/// <param name="LinkedFrom">Services whose spans, of other traces, link to it.</param>
public sealed record ReceivedTrace(string Id, IReadOnlyList<string> Services, int Spans, IReadOnlyList<string> LinkedFrom);

/// <summary>The traces that arrived, up to a number of spans.</summary>
public sealed class ReceivedTraces
{
    private const int Most = 200_000;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<ReceivedSpan>> traces = new(StringComparer.Ordinal);
    private int spans;

    /// <summary>Those in which a service took part; all without.</summary>
    public IReadOnlyList<ReceivedTrace> Of(string? service = null)
    {
        var linked = traces.Values.SelectMany(trace => trace).SelectMany(span => span.Links.Select(link => (link, span.Service))).ToLookup(one => one.link, one => one.Service, StringComparer.Ordinal);
        return [.. traces.Where(trace => service is null || trace.Value.Any(span => span.Service == service)).Select(trace => new ReceivedTrace(
            trace.Key, [.. trace.Value.Select(span => span.Service).Distinct().Order(StringComparer.Ordinal)], trace.Value.Count, [.. linked[trace.Key].Distinct().Order(StringComparer.Ordinal)]))];
    }

    /// <summary>Takes an ExportTraceServiceRequest (opentelemetry/proto/trace/v1/trace.proto) in.</summary>
    public void Take(ReadOnlyMemory<byte> request)
    {
        foreach (var resource in WireMessage.Read(request).Within(1))
        {
            var service = Attributes.Of(resource.Within(1).SingleOrDefault() ?? [], 1).GetValueOrDefault("service.name", "");
            foreach (var span in resource.Within(2).SelectMany(scope => scope.Within(2)))
            {
                if (Interlocked.Increment(ref spans) > Most)
                    return;
                traces.GetOrAdd(span.Of(1)?.Hex ?? "", _ => new()).Enqueue(new(service, span.Of(5)?.Text ?? "", [.. span.Within(13).Select(link => link.Of(1)?.Hex ?? "")]));
            }
        }
    }
}
