using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Cdr.Rights.Journal.Migrations
{
    /// <inheritdoc />
    internal sealed partial class BatchesNameTheirRecords : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // The default stays: a process of the build before this one goes on writing while the others are replaced.
            migrationBuilder.Sql("""
                ALTER TABLE batches ADD COLUMN "Ids" uuid[] NOT NULL DEFAULT '{}';
                UPDATE batches b SET "Ids" = coalesce((SELECT array_agg(r."Id" ORDER BY r."Position") FROM records r WHERE r."Journal" = b."Journal" AND r."Batch" = b."Batch"), '{}');
                """);

            migrationBuilder.DropIndex(
                name: "IX_records_Journal_Batch",
                table: "records");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Ids",
                table: "batches");

            migrationBuilder.CreateIndex(
                name: "IX_records_Journal_Batch",
                table: "records",
                columns: new[] { "Journal", "Batch" });
        }
    }
}
