using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Cdr.Rights.Journal.Migrations
{
    /// <inheritdoc />
    internal sealed partial class FirstJournal : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "batches",
                columns: table => new
                {
                    Journal = table.Column<Guid>(type: "uuid", nullable: false),
                    Batch = table.Column<long>(type: "bigint", nullable: false),
                    Records = table.Column<int>(type: "integer", nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Previous = table.Column<byte[]>(type: "bytea", nullable: false),
                    Root = table.Column<byte[]>(type: "bytea", nullable: false),
                    Hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    SignatureKey = table.Column<int>(type: "integer", nullable: false),
                    Signature = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_batches", x => new { x.Journal, x.Batch });
                });

            migrationBuilder.CreateTable(
                name: "checkpoints",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Heads = table.Column<string>(type: "text", nullable: false),
                    SignatureKey = table.Column<int>(type: "integer", nullable: false),
                    Signature = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_checkpoints", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "dispatches",
                columns: table => new
                {
                    Journal = table.Column<Guid>(type: "uuid", nullable: false),
                    Batch = table.Column<long>(type: "bigint", nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_dispatches", x => new { x.Journal, x.Batch });
                });

            // By hand: the tool knows no partitions. The key of a partitioned table holds the partition key, so the id is both.
            migrationBuilder.Sql(
                """
                CREATE TABLE records (
                    "Id" uuid NOT NULL,
                    "Consultation" uuid NOT NULL,
                    "Kind" smallint NOT NULL,
                    "Journal" uuid NOT NULL,
                    "Batch" bigint NOT NULL,
                    "Position" integer NOT NULL,
                    "At" timestamp with time zone NOT NULL,
                    "Subject" text NOT NULL,
                    "Session" text NOT NULL,
                    "Role" text NOT NULL,
                    "Establishment" text NOT NULL,
                    "Group" text NOT NULL,
                    "Department" text NOT NULL,
                    "Unit" text NOT NULL,
                    "Function" text NOT NULL,
                    "Reason" text NOT NULL,
                    "CareDate" date NOT NULL,
                    "Outcome" smallint,
                    "Regime" text NOT NULL,
                    "Source" smallint,
                    "Milliseconds" integer NOT NULL,
                    "Regimes" text NOT NULL,
                    "PseudonymKey" integer NOT NULL,
                    "Pseudonym" bytea NOT NULL,
                    "PatientPseudonym" bytea,
                    "Request" bytea NOT NULL,
                    "RulesVersion" text NOT NULL,
                    "TraceId" text NOT NULL,
                    "Payload" bytea,
                    "Hash" bytea NOT NULL,
                    "PayloadHash" bytea,
                    CONSTRAINT "PK_records" PRIMARY KEY ("Id")
                ) PARTITION BY RANGE ("Id");
                -- Sealed bytes do not compress.
                ALTER TABLE records ALTER COLUMN "Payload" SET STORAGE EXTERNAL;
                -- What falls outside the months made so far is kept, not refused.
                CREATE TABLE records_other PARTITION OF records DEFAULT;
                """);
            migrationBuilder.Sql(RecordPartitions.Sql(new DateOnly(2026, 11, 1), months: 62));

            migrationBuilder.CreateTable(
                name: "writers",
                columns: table => new
                {
                    Journal = table.Column<Guid>(type: "uuid", nullable: false),
                    Started = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Host = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_writers", x => x.Journal);
                });

            migrationBuilder.CreateIndex(
                name: "IX_records_Consultation",
                table: "records",
                column: "Consultation",
                filter: "\"Kind\" <> 3");

            migrationBuilder.CreateIndex(
                name: "IX_records_Journal_Batch",
                table: "records",
                columns: new[] { "Journal", "Batch" });

            migrationBuilder.CreateIndex(
                name: "IX_records_PatientPseudonym",
                table: "records",
                column: "PatientPseudonym",
                filter: "\"PatientPseudonym\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_records_Pseudonym",
                table: "records",
                column: "Pseudonym");

            migrationBuilder.CreateIndex(
                name: "IX_records_Subject_Id",
                table: "records",
                columns: new[] { "Subject", "Id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "batches");

            migrationBuilder.DropTable(
                name: "checkpoints");

            migrationBuilder.DropTable(
                name: "dispatches");

            migrationBuilder.DropTable(
                name: "records");

            migrationBuilder.DropTable(
                name: "writers");
        }
    }
}
