using System.Globalization;
using Cdr.Contracts.Rights;
using Cdr.Rights.Inquiry;
using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Rights.Batches;

/// <summary>
/// From a file to questions that can be asked, all of them or none: a file taken in part would be sent again whole, and its good lines
/// asked twice. Every wrong line is named at once.
/// </summary>
internal sealed class BatchReading(QuestionReading reading, TimeProvider clock)
{
    private const int MostFaults = 100;
    private const int LongestReference = 100;

    /// <param name="file">Its bytes.</param>
    /// <param name="isCsv">CSV with a header; otherwise a JSON array.</param>
    /// <param name="reason">Of the lines that give none.</param>
    /// <param name="caller">For whom.</param>
    /// <returns>The questions with their reason and care date, or the problem that names the lines.</returns>
    public (IReadOnlyList<BatchQuestion> Questions, ProblemHttpResult? Problem) Read(ReadOnlySpan<byte> file, bool isCsv, string? reason, Caller caller)
    {
        var (lines, problem) = FileText.Read(file, isCsv);
        if (problem is not null)
            return ([], problem);
        // Asked tomorrow, it is still about today.
        var today = caller.Today(clock.GetUtcNow()).ToString("O", CultureInfo.InvariantCulture);
        List<BatchQuestion> questions = [];
        List<BatchFault> faults = [];
        foreach (var (place, sent) in lines.Index())
        {
            var question = sent.Question is { } read ? read with { Reason = read.Reason ?? reason, CareDate = read.CareDate ?? today } : null;
            if ((question is null ? sent.Fault : Fault(question, caller)) is { } fault)
                faults.Add(new BatchFault(place + 1, sent.FileLine, fault.Field, fault.Code, fault.Message));
            else
                questions.Add(question!);
        }

        return faults.Count == 0 ? (questions, null) : ([], Problems.Problem(
            StatusCodes.Status400BadRequest, "batch-lines-wrong", faults.Count == 1 ? "Une ligne n'est pas bonne : rien n'a été accepté." : $"{faults.Count} lignes ne sont pas bonnes : rien n'a été accepté.",
            "Corrigez les lignes nommées, puis renvoyez tout le fichier.", ("faultCount", faults.Count), ("faults", faults.Take(MostFaults).ToArray())));
    }

    /// <summary>The question of a line.</summary>
    public Question? Read(BatchQuestion line, Caller caller, out ProblemHttpResult? problem) => reading.Read(
        new ConsultationRequest
        {
            Nir = line.Nir,
            Names = line.Names,
            BirthDate = line.BirthDate,
            BeneficiaryBirthDate = line.BeneficiaryBirthDate,
            BirthRank = line.BirthRank,
            CareDate = line.CareDate,
            CareKind = line.CareKind,
            PrescriptionDate = line.PrescriptionDate,
            InsuranceNature = line.InsuranceNature,
            Reason = line.Reason,
            Regime = line.Regime,
            Exhaustive = line.Exhaustive,
            WorkflowId = line.WorkflowId,
        },
        caller, out problem);

    private (string? Field, string Code, string Message)? Fault(BatchQuestion line, Caller caller)
    {
        if (line.Reference is { Length: > LongestReference })
            return ("reference", "reference-too-long", $"La référence dépasse {LongestReference} caractères.");
        if (Read(line, caller, out var problem) is not null)
            return null;
        var said = problem!.ProblemDetails;
        return (said.Extensions.TryGetValue("field", out var field) ? field as string : null, CodeOf(problem), said.Detail is null ? said.Title! : $"{said.Title} {said.Detail}");
    }

    public static string CodeOf(ProblemHttpResult problem) => problem.ProblemDetails.Extensions.TryGetValue("code", out var code) ? code as string ?? "" : "";
}
