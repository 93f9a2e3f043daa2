using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Cdr.Receiver;

/// <summary>The receiver on a collector's usual ports: 4317 gRPC, 4318 HTTP, 8889 for Prometheus and for <c>/traces</c>.</summary>
public sealed class ReceiverProgram
{
    private ReceiverProgram()
    {
    }

    public static void Main(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = 64 * 1024 * 1024;
            kestrel.ListenAnyIP(4317, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.ListenAnyIP(4318);
            kestrel.ListenAnyIP(8889);
        });
        builder.Services.AddReceiver();
        var app = builder.Build();
        app.MapReceiver();
        Console.WriteLine("A receiver for verification: no collector, nothing is sampled, nothing is kept.");
        app.Run();
    }
}
