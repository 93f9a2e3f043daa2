{{- define "cdr.labels" -}}
app.kubernetes.io/part-of: cdr-platform
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}

{{- define "cdr.selector" -}}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/name: {{ .name }}
{{- end }}

{{- define "cdr.pod-security" -}}
runAsNonRoot: true
runAsUser: 1654
runAsGroup: 1654
fsGroup: 1654
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "cdr.container-security" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "cdr.image" -}}
{{ .root.Values.image.registry }}/cdr-{{ .name }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}
{{- end }}

{{- define "cdr.mounts" -}}
- name: secrets
  mountPath: /etc/cdr/secrets
  readOnly: true
- name: tmp
  mountPath: /tmp
{{- if and (eq .name "rights") .root.Values.anchors.claim }}
- name: anchors
  mountPath: /var/cdr/anchors
{{- end }}
{{- if and (eq .name "rights") .root.Values.regimes.registry }}
- name: regimes
  mountPath: /etc/cdr/regimes
  readOnly: true
{{- end }}
{{- if eq .name "sessions" }}
- name: trust
  mountPath: /var/cdr/trust
{{- if .root.Values.mutual.enabled }}
- name: mutual
  mountPath: /etc/cdr/mutual
  readOnly: true
{{- end }}
{{- end }}
{{- end }}

{{- define "cdr.volumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 256Mi
{{- if and (eq .name "rights") .root.Values.anchors.claim }}
- name: anchors
  persistentVolumeClaim:
    claimName: {{ .root.Values.anchors.claim }}
{{- end }}
{{- if and (eq .name "rights") .root.Values.regimes.registry }}
- name: regimes
  configMap:
    name: {{ .root.Values.regimes.registry }}
{{- end }}
{{- if eq .name "sessions" }}
- name: trust
  persistentVolumeClaim:
    claimName: {{ .root.Values.trust.claim }}
{{- if .root.Values.mutual.enabled }}
- name: mutual
  secret:
    secretName: {{ .root.Values.mutual.tlsSecret }}
    defaultMode: 288
{{- end }}
{{- end }}
{{- end }}

{{- define "cdr.dns" -}}
- to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {{ .root.Values.dns.namespace }}
      {{- if .root.Values.dns.podLabels }}
      podSelector:
        matchLabels:
          {{- toYaml .root.Values.dns.podLabels | nindent 10 }}
      {{- end }}
    {{- range $index, $cidr := .root.Values.dns.cidrs }}
    - ipBlock:
        cidr: {{ $cidr | quote }}
    {{- end }}
  ports:
    {{- range $index, $port := .root.Values.dns.ports }}
    - { protocol: UDP, port: {{ $port }} }
    - { protocol: TCP, port: {{ $port }} }
    {{- end }}
{{- end }}

{{- define "cdr.store-egress" -}}
{{- if .store.bundled }}
- to:
    - podSelector:
        matchLabels:
          {{- include "cdr.selector" (dict "root" .root "name" .name) | nindent 10 }}
  ports:
    - { protocol: TCP, port: {{ .store.port }} }
{{- else }}
{{- if not .store.cidrs }}
{{- required "stores: cidrs say where an external store is" "" }}
{{- end }}
- to:
    {{- range $index, $cidr := .store.cidrs }}
    - ipBlock:
        cidr: {{ $cidr | quote }}
    {{- end }}
  ports:
    - { protocol: TCP, port: {{ .store.port }} }
{{- end }}
{{- end }}

{{- define "cdr.holds-a-volume" -}}
{{- /* A volume of one node: two processes of it never live at once. */ -}}
{{- if or (and (eq .name "sessions") (not .root.Values.trust.shared)) (and (eq .name "rights") .root.Values.anchors.claim (not .root.Values.anchors.shared)) -}}
yes
{{- end -}}
{{- end }}

{{- define "cdr.run" -}}
{{- /* What a migration's run depends on: a job cannot be changed, and a changed one is another. Of a new chart the template may be another. */ -}}
{{ include "cdr.image" . }} {{ .root.Chart.Version }} {{ .root.Chart.AppVersion }} {{ toYaml .root.Values | sha256sum }}
{{- end }}
