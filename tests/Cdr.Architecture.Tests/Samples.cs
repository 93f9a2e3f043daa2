using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;

// What the rules must report. One fault a type.
#pragma warning disable CA1050, CA1515, CA1711, CA1852
namespace Cdr.Architecture.Samples.Reading
{
    internal sealed class ReadsAFile
    {
        public static string Read() => System.IO.File.ReadAllText("x");
    }
}

namespace Cdr.Architecture.Samples.Calling
{
    internal sealed class CallsOut
    {
        public static System.Net.IPAddress Address => System.Net.IPAddress.Loopback;
    }
}

namespace Cdr.Architecture.Samples
{
    public sealed class OpenStore;

    public static class LeakModule
    {
        public static WebApplicationBuilder AddLeak(this WebApplicationBuilder builder) => builder;

        public static string ReadEverything() => "";
    }

    public static class LeakProgram
    {
        public static string Secret() => "x";
    }

    public static class SecretModule
    {
        public const string Secret = "x";

        public static WebApplicationBuilder AddSecret(this WebApplicationBuilder builder) => builder;
    }

    public sealed class Page : ComponentBase
    {
        [Parameter]
        public GivenToAPage? Given { get; set; }
    }

    public sealed class GivenToAPage;

    public static class DoorModule
    {
        public static WebApplicationBuilder AddDoor(this WebApplicationBuilder builder) => builder;
    }

    public record OpenMessage(int Id);

    public sealed class PlainMessage
    {
        public int Id { get; init; }
    }

    public abstract record OpenSet
    {
        public sealed record One : OpenSet;
    }

    public sealed record SealedMessage(int Id);

    internal sealed class Eavesdropper : IConsumer<SealedMessage>
    {
        public Task Consume(ConsumeContext<SealedMessage> context) => Task.CompletedTask;
    }

    internal sealed class TicketDto;

    internal sealed class TicketService;

    internal sealed class TicketIntegrationEvent;

    internal sealed class TicketManager;

    internal sealed class TicketHelper;
}
