# Service accounts and their tokens.
k create namespace robots
soon "every namespace has an account" '^serviceaccount/default$' get serviceaccount default -n robots -o name
soon "and the server's certificate" 'BEGIN CERTIFICATE' get configmap kube-root-ca.crt -n robots -o 'jsonpath={.data.ca\.crt}'
expect "an account" 'serviceaccount/robot created' create serviceaccount robot -n robots
cat >"$folder/token.json" <<'Y'
{"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 600}}
Y
# kubectl has the command from 1.24 on; before that the request is made by hand.
token_of() { k create token "$1" -n robots --duration 10m 2>/dev/null || k create --raw "/api/v1/namespaces/robots/serviceaccounts/$1/token" -f "$folder/token.json"; grep -oE 'eyJ[A-Za-z0-9_.-]+' "$folder/out" | head -1; }
robot=$(token_of robot)
as_robot() { local name=$1 how=$2 pattern=$3; shift 3; "$how" "$name" "$pattern" --kubeconfig /dev/null --server "https://127.0.0.1:$port" --insecure-skip-tls-verify --token "$robot" -n robots "$@"; }
as_robot "is who the token says" refuse 'User "system:serviceaccount:robots:robot" cannot' get pods
k create rolebinding robot -n robots --clusterrole=view --serviceaccount=robots:robot
as_robot "and may what is bound to it" expect '^serviceaccount/robot$' get serviceaccount robot -o name
as_robot "there, and nowhere else" refuse 'forbidden' get pods -n default
k delete serviceaccount robot -n robots
as_robot "until it is gone" refuse 'Unauthorized|logged in|401' get serviceaccounts
k create serviceaccount robot -n robots
as_robot "for one made anew is another" refuse 'Unauthorized|logged in|401' get serviceaccounts
k delete serviceaccount default -n robots
soon "the default account comes back" '^serviceaccount/default$' get serviceaccount default -n robots -o name
k run own -n robots --image=own:1
expect "pods have it" '^default$' get pod own -n robots -o 'jsonpath={.spec.serviceAccountName}'
k delete namespace robots --wait=false
