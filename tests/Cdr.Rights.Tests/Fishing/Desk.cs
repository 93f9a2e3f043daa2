using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Fishing;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Rights.Tests.Fishing;

/// <summary>What the guard says to one card's questions, without asking any regime.</summary>
internal sealed class Desk(RightsHost host, string subject, string finess = "690781810")
{
    private readonly FishingGuard guard = host.Services.GetRequiredService<FishingGuard>();
    private readonly QuestionReading reading = host.Services.GetRequiredService<QuestionReading>();
    private readonly Caller caller = CallerOf(subject, finess);

    /// <summary>passed, slowed, consultations-too-fast or consultations-stopped.</summary>
    public string Ask(ConsultationRequest request, ConsultationOutcome outcome, string reason = "card-forgotten-lost-stolen", Lane lane = Lane.Desk)
    {
        var question = Read(request with { Reason = reason });
        if (lane == Lane.Batch)
            return AskLine(question with { FromBatch = true }, outcome);
        return Ask(question, outcome);
    }

    /// <summary>The same, read before.</summary>
    public string Ask(Question question, ConsultationOutcome outcome)
    {
        var admitted = guard.AdmitAsync(question, CancellationToken.None);
        if (admitted.IsCompletedSuccessfully && admitted.Result.Held is { } held)
            return Code(held);
        guard.Told(question, outcome);
        return admitted.IsCompletedSuccessfully ? "passed" : "slowed";
    }

    public Question Read(ConsultationRequest request) =>
        reading.Read(request, caller, out var problem) ?? throw new InvalidOperationException(problem!.ProblemDetails.Title);

    private string AskLine(Question question, ConsultationOutcome outcome)
    {
        if (guard.OfLine(question) is { } held)
            return Code(held);
        guard.Told(question, outcome);
        return "passed";
    }

    private static string Code(Held held) => (string)held.Problem.ProblemDetails.Extensions["code"]!;

    /// <summary>What stands for that person.</summary>
    public Mark MarkOf(string nir) => reading.Read(new ConsultationRequest { Nir = nir, Reason = "emergency" }, caller, out _)!.Mark;

    /// <summary>It ends, and nothing had judged it.</summary>
    public void Tell(string nir, ConsultationOutcome outcome) =>
        guard.Told(reading.Read(new ConsultationRequest { Nir = nir, Reason = "emergency" }, caller, out _)!, outcome);

    public string AskNir(string nir, ConsultationOutcome outcome = ConsultationOutcome.Found, string reason = "card-forgotten-lost-stolen") =>
        Ask(new ConsultationRequest { Nir = nir }, outcome, reason);

    public static Caller CallerOf(string subject, string finess) => new(subject, "session", "person", "clerk", Finess(finess), Department(), "ght-69", "URG", "emergencies");

    private static Finess Finess(string text) => Cdr.Domain.Finess.Parse(text).TryGet(out var finess, out _) ? finess : throw new ArgumentException(text);

    private static Department Department() => Cdr.Domain.Department.Parse("69").TryGet(out var department, out _) ? department : throw new InvalidOperationException();
}
