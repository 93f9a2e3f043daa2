using System.Buffers.Binary;
using Cdr.Receiver.Otlp;

namespace Cdr.Receiver;

/// <summary>
/// Stands where a collector and a trace store cannot be had: takes telemetry by OTLP (gRPC and HTTP), hands metrics to Prometheus as the
/// collector would, and says which traces arrived. It keeps everything in memory and samples nothing: for verification, never for production.
/// </summary>
public static class ReceiverModule
{
    /// <summary>Registers what is received.</summary>
    public static void AddReceiver(this IServiceCollection services) => services.AddSingleton(TimeProvider.System).AddSingleton<ReceivedMetrics>().AddSingleton<ReceivedTraces>();

    /// <summary>Maps the ways in and out.</summary>
    public static void MapReceiver(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/{signal}", (string signal, HttpContext context) => TakeAsync(context, signal, framed: false));
        // opentelemetry.proto.collector.trace.v1.TraceService
        routes.MapPost("/opentelemetry.proto.collector.{signal}.v1.{service}/Export", (string signal, HttpContext context) => TakeAsync(context, signal == "trace" ? "traces" : signal, framed: true));
        routes.MapGet("/metrics", (ReceivedMetrics metrics) => TypedResults.Text(metrics.Text(), "text/plain; version=0.0.4"));
        routes.MapGet("/traces", (ReceivedTraces traces, string? service) => TypedResults.Ok(traces.Of(service)));
    }

    private static async Task TakeAsync(HttpContext context, string signal, bool framed)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var message = framed ? Message(body.ToArray()) : body.ToArray();
        if (signal == "traces")
            context.RequestServices.GetRequiredService<ReceivedTraces>().Take(message);
        if (signal == "metrics")
            context.RequestServices.GetRequiredService<ReceivedMetrics>().Take(message);
        if (!framed)
            return;

        // An empty answer, and that it went well, as gRPC says it.
        context.Response.ContentType = "application/grpc";
        context.Response.AppendTrailer("grpc-status", "0");
        await context.Response.Body.WriteAsync(new byte[5], context.RequestAborted);
    }

    /// <summary>gRPC's frame: whether compressed, how long, and that.</summary>
    private static byte[] Message(byte[] frame)
    {
        if (frame.Length < 5 || frame[0] != 0 || BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(1)) != frame.Length - 5)
            throw new BadHttpRequestException("One message, uncompressed, is expected.");
        return frame[5..];
    }
}
